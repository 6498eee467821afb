from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import note
from ledger.errors import Invalid
from ledger.receipt import Head, head_note, read_head
from tests.ledger.test_note import code_of
from tests.ledger.worked import EXAMPLE, KC, LOG, ORIGIN, STATEMENTS

RAW = EXAMPLE["case_head_note"].encode()
TEXT = RAW.partition(b"\n\n")[0].decode() + "\n"
HEAD = Head(
    log=ORIGIN,
    kc=KC,
    size=8,
    count=2,
    head=bytes.fromhex(EXAMPLE["ack"]["commitment"]),
    at=1795377065,
)


def test_the_worked_note_reads_and_is_written_the_same():
    assert read_head(RAW, [STATEMENTS.vkey]) == HEAD
    assert head_note(HEAD, STATEMENTS) == RAW


def test_a_chain_without_entries_has_no_head():
    empty = Head(log=ORIGIN, kc=KC, size=8, count=0, head=None, at=1)

    assert b"\nhead -\n" in head_note(empty, STATEMENTS)
    assert read_head(head_note(empty, STATEMENTS), [STATEMENTS.vkey]) == empty


def test_only_the_statements_key_speaks_about_heads():
    assert code_of(read_head, RAW, [LOG.vkey]) == "note-unsigned"


def test_a_statements_key_speaks_for_its_own_host_only():
    foreign = replace(HEAD, log="other.example/ledger")
    later = replace(HEAD, log="node.example/ledger/2")
    keys = [STATEMENTS.vkey]

    assert code_of(read_head, head_note(foreign, STATEMENTS), keys) == "head-foreign"
    assert read_head(head_note(later, STATEMENTS), keys) == later


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("case-head/1", "case-head/2"),
        ("size 8", "size 08"),
        ("size 8\n", ""),
        ("size 8\ncount 2", "count 2\nsize 8"),
        ("size 8", "size 8\nsize 8"),
        ("count 2", "count two"),
        ("head m8u2", "head m8u"),
        ("kc JJ", "kc J"),
        ("at 1795377065\n", "at 1795377065\nmore 1\n"),
        ("at 1795377065", "at -1"),
        ("folkmoot", "x"),
    ],
)
def test_a_note_that_says_something_else_is_refused(old, new):
    signed = note.sign(TEXT.replace(old, new).encode(), STATEMENTS)

    codes = {"head-malformed", "number", "base64"}
    assert code_of(read_head, signed, [STATEMENTS.vkey]) in codes


@given(st.text(max_size=60))
def test_arbitrary_signed_text_is_a_head_or_refused(text):
    for hostile in (text, TEXT + text, text + TEXT):
        signed = note.sign(f"{hostile}\n".encode(), STATEMENTS)
        try:
            read_head(signed, [STATEMENTS.vkey])
        except Invalid:
            continue
