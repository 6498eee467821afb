from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger import note
from ledger.errors import Invalid
from ledger.note import ED25519, ML_DSA, Line, Signer, VKey
from tests.ledger.test_tree import GO
from tests.ledger.worked import ADA, EXAMPLE, LOG, STATEMENTS, WITNESS, seed, vkey

TEXT = b"Some words.\n"
NOTE = note.sign(TEXT, ADA)


def code_of(function, *arguments):
    with pytest.raises(Invalid) as refused:
        function(*arguments)
    return refused.value.code


def vkey_text(name, raw, id_=None):
    made = VKey(name, raw[0], raw[1:]).id.hex() if id_ is None else id_
    return f"{name}+{made}+{b64encode(raw).decode()}"


@pytest.mark.parametrize("case", GO["notes"], ids=range(len(GO["notes"])))
def test_notes_are_judged_as_the_go_code_judges_them(case):
    key = VKey.parse(case["vkey"])
    raw = case["note"].encode()

    if not case["valid"]:
        with pytest.raises(Invalid):
            note.open(raw, [key])
        return
    opened = note.open(raw, [key])
    assert (opened.text.decode(), opened.verified) == (case["text"], (key,))


@pytest.mark.parametrize("case", GO["notes"], ids=range(len(GO["notes"])))
def test_the_keys_of_the_go_code_are_written_as_they_were_read(case):
    assert str(VKey.parse(case["vkey"])) == case["vkey"]


@pytest.mark.parametrize(
    ("signer", "name"), [(LOG, "log"), (WITNESS, "witness"), (STATEMENTS, "statements")]
)
def test_the_worked_examples_keys_come_out(signer, name):
    assert str(signer.vkey) == EXAMPLE[f"{name}_vkey"]
    assert signer.vkey == vkey(name)


def test_signing_the_worked_example_gives_its_bytes():
    text = EXAMPLE["checkpoint"].partition("\n\n")[0] + "\n"

    assert note.sign(text.encode(), LOG).decode() == EXAMPLE["checkpoint"]


def test_key_material_may_hold_plus_signs():
    key = next(
        found
        for found in map(bytes, ([n] * 32 for n in range(256)))
        if "+" in b64encode(b"\1" + found).decode()
    )

    assert VKey.parse(vkey_text("a", b"\1" + key)).key == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a+b",
        "a++",
        "a+00000000+",
        "+00000000+AQ==",
        vkey_text("ada", b"\1" + b"a" * 32, "00000000"),
        vkey_text("ada", b"\1" + b"a" * 32).replace("+", "+ ", 1),
        str(ADA.vkey).replace(ADA.vkey.id.hex(), ADA.vkey.id.hex().upper()),
        str(ADA.vkey) + "=",
        "ada+0000000+" + b64encode(b"\2" + b"a" * 32).decode(),
        "ada+00000000+" + b64encode(b"\2" + b"a" * 32).decode(),
        "ada+00000000+" + b64encode(b"\1" + b"a" * 31).decode(),
        "ada+00000000+" + b64encode(b"\6" + b"a" * 32).decode(),
    ],
)
def test_what_is_not_a_verifier_key_is_refused(text):
    assert code_of(VKey.parse, text) in {"vkey", "base64"}


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\x07b", "\ud800"])
def test_a_name_that_would_confuse_a_note_is_refused(name):
    assert code_of(VKey, name, ED25519, b"a" * 32) == "vkey"


@given(st.text(max_size=80) | st.text("+=abAB01/", max_size=80))
def test_arbitrary_text_is_a_verifier_key_or_refused(text):
    try:
        key = VKey.parse(text)
    except Invalid:
        return
    assert str(key) == text


def test_a_signer_does_not_print_its_key():
    assert "key" not in repr(ADA)


def test_a_note_may_have_empty_lines_of_its_own():
    text = b"one\n\n\xe2\x80\x94 two\n\nthree\n"

    assert note.open(note.sign(text, ADA), [ADA.vkey]).text == text


def test_all_known_signatures_count_once_each():
    signed = note.sign(TEXT, ADA, LOG, ADA)

    assert note.open(signed, [ADA.vkey, LOG.vkey]).verified == (ADA.vkey, LOG.vkey)
    assert note.open(signed, [LOG.vkey]).verified == (LOG.vkey,)


def test_the_same_name_with_another_key_says_nothing():
    impostor = Signer("ada", ED25519, seed(9))

    assert code_of(note.open, note.sign(TEXT, impostor), [ADA.vkey]) == "note-unsigned"
    assert note.open(note.sign(TEXT, impostor, ADA), [ADA.vkey]).verified == (ADA.vkey,)


def test_a_known_key_that_fails_refuses_what_others_signed():
    broken = Line("ada", ADA.vkey.id, b"x" * 64).encode()
    signed = note.sign(TEXT, LOG) + broken

    assert code_of(note.open, signed, [LOG.vkey, ADA.vkey]) == "note-signature"
    assert note.open(signed, [LOG.vkey]).verified == (LOG.vkey,)


def test_a_witness_key_signs_no_notes():
    assert code_of(note.open, note.sign(TEXT, WITNESS), [WITNESS.vkey]) == (
        "note-unsigned"
    )


def test_a_quantum_proof_key_has_its_own_id():
    key = MLDSA44PrivateKey.from_seed_bytes(b"s" * 32)
    signer = Signer("log", ML_DSA, key)

    assert VKey.parse(str(signer.vkey)) == signer.vkey
    assert signer.vkey.holds(key.sign(b"m"), b"m")
    assert not signer.vkey.holds(key.sign(b"m"), b"n")


@pytest.mark.parametrize("bit", range(8 * 25))
def test_no_changed_bit_of_a_note_is_overlooked(bit):
    changed = bytearray(NOTE)
    changed[bit // 8] ^= 1 << bit % 8

    with pytest.raises(Invalid):
        note.open(bytes(changed), [ADA.vkey])


LINE = NOTE.removeprefix(TEXT + b"\n")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        TEXT,
        TEXT + b"\n",
        TEXT + LINE,
        NOTE[:-1],
        NOTE + b"\n",
        NOTE + b"more\n",
        TEXT + b"\n" + LINE[1:],
        TEXT + b"\n" + LINE.replace(b" ", b"", 1),
        TEXT + b"\n" + "— ada\n".encode(),
        TEXT + b"\n" + "— ada AAAA\n".encode(),
        TEXT + b"\n" + "— ada  AAAAAAAA\n".encode(),
        TEXT + b"\n" + "— a+a AAAAAAAA\n".encode(),
        TEXT + b"\n" + LINE * 65,
        b"tab\t" + NOTE,
        b"\r\n" + NOTE,
        b"\xff" + NOTE,
        TEXT + b"\n\xff" + LINE,
        b"a" * 65_536 + NOTE,
    ],
)
def test_what_is_not_a_note_is_refused(raw):
    assert code_of(note.open, raw, [ADA.vkey]) in {"note-malformed", "vkey", "base64"}


def test_64_lines_are_still_a_note():
    assert len(note.parse(TEXT + b"\n" + LINE * 64).lines) == 64


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_a_note_or_refused(raw):
    for hostile in (raw, raw + LINE, TEXT + b"\n" + raw, NOTE + raw):
        try:
            found = note.parse(hostile)
        except Invalid:
            continue
        assert note.join(found.text, found.lines) == hostile


def test_lines_read_back_as_they_were_written():
    assert b"".join(line.encode() for line in note.read_lines(LINE * 2)) == LINE * 2
