import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger import checkpoint, note
from ledger.cosignature import cosign, signed, verify
from ledger.errors import Invalid
from ledger.note import ML_DSA, Line, Signer, VKey
from tests.ledger.test_note import code_of
from tests.ledger.test_tree import GO
from tests.ledger.worked import EXAMPLE, LOG, ORIGIN, VECTORS, WITNESS

TEXT = checkpoint.text(ORIGIN, 8, bytes.fromhex(EXAMPLE["root"]))
LINE = note.read_lines(EXAMPLE["cosignature_line"].encode())[0]
AT = 1795377060
STRONG = Signer(
    "partner.example/pq", ML_DSA, MLDSA44PrivateKey.from_seed_bytes(b"s" * 32)
)
SUNLIGHT = VECTORS / "sunlight-tiles/cmd/skylight/testdata"
MLDSA = json.loads((VECTORS / "wycheproof/mldsa_44_verify_test.json").read_text())


def test_the_worked_example_verifies_and_is_written_the_same():
    assert verify(TEXT, LINE, WITNESS.vkey) == AT
    assert cosign(TEXT, WITNESS, AT).encode().decode() == EXAMPLE["cosignature_line"]


@pytest.mark.parametrize("case", GO["cosignatures"], ids=range(5))
def test_the_cosignatures_of_the_go_code_verify(case):
    witness = VKey.parse(case["witness_vkey"])
    found = note.parse(case["cosigned"].encode())
    line = next(line for line in found.lines if line.by(witness))

    assert verify(found.text, line, witness) > 1_790_000_000
    assert note.join(found.text, found.lines) == case["cosigned"].encode()


@pytest.mark.parametrize("folder", ["witness", "witness2"])
def test_sunlights_witnesses_verify(folder):
    stated = json.loads((SUNLIGHT / folder / "witness.v0.json").read_text())
    witness = VKey.parse(stated["verifier_keys"][0])
    raw = next((SUNLIGHT / folder).glob("[0-9]*/checkpoint")).read_bytes()
    found = note.parse(raw)

    times = [verify(found.text, line, witness) for line in found.lines[-1:]]

    assert times == [1767139200]


MLDSA_CASES = [
    pytest.param(group["publicKey"], case, id=str(case["tcId"]))
    for group in MLDSA["testGroups"]
    for case in group["tests"]
]


@pytest.mark.parametrize(("key", "case"), MLDSA_CASES)
def test_ml_dsa_is_judged_as_wycheproof_judges_it(key, case):
    message, sig = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
    context = bytes.fromhex(case.get("ctx", ""))
    valid = case["result"] == "valid"

    try:
        witness = VKey("witness", ML_DSA, bytes.fromhex(key))
        witness.public.verify(sig, message, context)
        held = True
    except (Invalid, InvalidSignature, ValueError):
        held = False

    assert held is valid
    if valid:  # cosignatures have no context: one made with a context is none to us
        assert witness.holds(sig, message) is not bool(context)


@pytest.mark.parametrize("witness", [WITNESS, STRONG], ids=["ed25519", "ml-dsa-44"])
def test_what_a_witness_writes_it_vouches_for(witness):
    line = cosign(TEXT, witness, AT)

    assert verify(TEXT, line, witness.vkey) == AT
    assert line.body[:8] == AT.to_bytes(8, "big")
    assert signed(TEXT, line, witness.vkey)


@pytest.mark.parametrize("witness", [WITNESS, STRONG], ids=["ed25519", "ml-dsa-44"])
@given(data=st.data())
def test_no_changed_bit_of_a_cosignature_is_overlooked(witness, data):
    line = cosign(TEXT, witness, AT)
    bit = data.draw(st.integers(0, 8 * len(line.body) - 1))
    body = bytearray(line.body)
    body[bit // 8] ^= 1 << bit % 8

    assert code_of(
        verify, TEXT, Line(line.name, line.id, bytes(body)), witness.vkey
    ) == ("cosignature")


@pytest.mark.parametrize("witness", [WITNESS, STRONG], ids=["ed25519", "ml-dsa-44"])
def test_another_tree_was_not_cosigned(witness):
    line = cosign(TEXT, witness, AT)
    others = [
        checkpoint.text("other.example/ledger", 8, b"r" * 32),
        TEXT.replace(b"\n8\n", b"\n9\n"),
        checkpoint.text(ORIGIN, 8, b"r" * 32),
    ]

    for other in others:
        assert code_of(verify, other, line, witness.vkey) == "cosignature"
        assert not signed(other, line, witness.vkey)


def test_only_the_older_form_covers_extension_lines():
    longer = TEXT + b"more\n"

    assert not signed(longer, cosign(TEXT, WITNESS, AT), WITNESS.vkey)
    assert signed(longer, cosign(TEXT, STRONG, AT), STRONG.vkey)


def test_another_witness_did_not_cosign():
    assert code_of(verify, TEXT, LINE, LOG.vkey) == "cosignature"
    assert code_of(verify, TEXT, LINE, STRONG.vkey) == "cosignature"


def test_a_log_key_cannot_cosign():
    assert code_of(cosign, TEXT, LOG, AT) == "cosignature"


def test_a_clock_that_is_ahead_is_not_believed():
    assert verify(TEXT, LINE, WITNESS.vkey, now=AT - 300) == AT
    with pytest.raises(Invalid) as refused:
        verify(TEXT, LINE, WITNESS.vkey, now=AT - 301)

    assert refused.value.code == "cosignature"


def test_a_time_beyond_all_time_is_malformed():
    late = cosign(TEXT, WITNESS, 2**63)

    assert code_of(verify, TEXT, late, WITNESS.vkey) == "cosignature"
    last = cosign(TEXT, WITNESS, 2**63 - 1)
    assert verify(TEXT, last, WITNESS.vkey) == 2**63 - 1


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a\n1\nAAAA\n",
        b"a\n1\n\xff\n",
        TEXT.replace(b"\n8\n", b"\n\xff\n"),
        TEXT[:-1],
        b"o" * 256 + TEXT[len(ORIGIN) :],
    ],
)
def test_what_is_not_a_checkpoint_cannot_be_cosigned_quantum_proof(text):
    assert code_of(cosign, text, STRONG, AT) == "cosignature"


@given(st.binary(max_size=100), st.binary(min_size=1, max_size=100))
def test_arbitrary_texts_and_lines_are_refused_and_nothing_else(text, body):
    for vkey in (WITNESS.vkey, STRONG.vkey):
        with pytest.raises(Invalid):
            verify(text, Line(vkey.name, vkey.id, body), vkey)
