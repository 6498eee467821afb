import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger import checkpoint, note
from ledger.cosignature import cosign
from ledger.errors import Invalid
from ledger.note import ED25519, ML_DSA, Line, Signer, VKey
from tests.ledger.test_note import code_of
from tests.ledger.test_tree import GO
from tests.ledger.worked import ADA, EXAMPLE, LOG, ORIGIN, WITNESS, vkey

ROOT = bytes.fromhex(EXAMPLE["root"])
STATED = checkpoint.Checkpoint(ORIGIN, 8, ROOT)
TEXT = checkpoint.text(ORIGIN, 8, ROOT)


def test_the_worked_example_opens_and_is_written_the_same():
    raw = EXAMPLE["checkpoint"].encode()

    assert checkpoint.open(raw, [vkey("log")]) == STATED
    assert note.sign(TEXT, LOG) == raw


@pytest.mark.parametrize("case", GO["cosignatures"], ids=range(5))
def test_the_go_codes_checkpoints_open(case):
    key = VKey.parse(case["log_vkey"])

    stated = checkpoint.open(case["cosigned"].encode(), [key])

    assert checkpoint.text(stated.origin, stated.size, stated.root) == (
        case["checkpoint"].partition("\n\n")[0].encode() + b"\n"
    )


def test_lines_beyond_the_third_are_accepted():
    raw = note.sign(TEXT + b"more\nand more\n", LOG)

    assert checkpoint.open(raw, [LOG.vkey]) == STATED


@pytest.mark.parametrize(
    "text",
    [
        b"a\n1\n",
        b"a\n\n" + TEXT.split(b"\n")[2] + b"\n",
        b"\n8\n" + TEXT.split(b"\n")[2] + b"\n",
        TEXT.replace(b"\n8\n", b"\n08\n"),
        TEXT.replace(b"\n8\n", b"\n-8\n"),
        TEXT.replace(b"\n8\n", b"\n8 \n"),
        TEXT.replace(b"\n8\n", b"\n9223372036854775808\n"),
        TEXT.replace(b"=\n", b"\n"),
        TEXT + b"\n",
        TEXT[:-1],
        b"a\n1\nAAAA\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text):
    codes = {"checkpoint-malformed", "number", "base64"}

    assert code_of(checkpoint.parse, text) in codes


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_a_checkpoint_or_refused(raw):
    for hostile in (raw, TEXT + raw, raw + TEXT):
        try:
            checkpoint.parse(hostile)
        except Invalid:
            continue


def test_a_checkpoint_signed_by_nobody_we_trust_is_refused():
    assert code_of(checkpoint.open, note.sign(TEXT, LOG), []) == "log-unknown"
    assert code_of(checkpoint.open, note.sign(TEXT, LOG), [ADA.vkey]) == "log-unknown"


def test_a_trusted_key_of_another_name_does_not_count():
    other = Signer("other.example/ledger", ED25519, LOG.key)

    assert code_of(checkpoint.open, note.sign(TEXT, other), [other.vkey]) == (
        "log-unknown"
    )


def test_a_trusted_key_that_fails_refuses_the_checkpoint():
    broken = Line(ORIGIN, LOG.vkey.id, b"x" * 64).encode()

    for raw in (TEXT + b"\n" + broken, note.sign(TEXT, LOG) + broken):
        assert code_of(checkpoint.open, raw, [LOG.vkey]) == "log-signature"


def test_a_log_may_also_sign_quantum_proof():
    strong = Signer(ORIGIN, ML_DSA, MLDSA44PrivateKey.from_seed_bytes(b"s" * 32))
    line = cosign(TEXT, strong, 1795377060)
    both = note.sign(TEXT, LOG) + line.encode()

    assert checkpoint.open(both, [strong.vkey]) == STATED
    assert checkpoint.open(both, [LOG.vkey, strong.vkey]) == STATED
    broken = Line(ORIGIN, line.id, line.body[:-1] + b"x").encode()
    raw = note.sign(TEXT, LOG) + broken
    assert code_of(checkpoint.open, raw, [LOG.vkey, strong.vkey]) == "log-signature"


def test_a_witness_is_not_a_log():
    raw = note.join(TEXT, [cosign(TEXT, WITNESS, 1795377060)])

    assert code_of(checkpoint.open, raw, [WITNESS.vkey]) == "log-unknown"
