import json
from base64 import b64decode
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ledger import checkpoint, cosignature, fraud, note, tiles, tree, witness
from ledger.errors import Invalid
from ledger.note import COSIGNATURE, Signer, VKey
from ledger.witness import Record, decide, read, write
from tests.ledger.test_note import code_of
from tests.ledger.test_tiles import Store
from tests.ledger.test_tree import LEAVES, grown, numbered
from tests.ledger.worked import LOG, ORIGIN, VECTORS, seed

CASES = json.loads((VECTORS / "folkmoot-v1/witness-cases.json").read_text())
AT = CASES["time"]
SIGNER = Signer(CASES["witness_name"], COSIGNATURE, seed(5))
KNOWN = {ORIGIN: [LOG.vkey]}
TRUE, FALSE = LEAVES[:300], [*LEAVES[:7], *numbered(293)]


def signed(size, leaves=TRUE, by=LOG):
    root = tree.root(grown(leaves[:size]))
    return note.sign(checkpoint.text(ORIGIN, size, root), by)


def record(size, leaves=TRUE):
    return Record(size, tree.root(grown(leaves[:size]))) if size else None


def proof(old, size, leaves=TRUE, make=tiles.consistency):
    return make(old, size, Store(leaves[:size]).read) if old else []


def asks(old, size, leaves=TRUE):
    return write(old, proof(old, size, leaves), signed(size, leaves))


def answer(body, state=None, known=None):
    return decide(body, KNOWN if known is None else known, state, SIGNER, AT)


def state_of(case):
    held = case["state"]
    return held and Record(held["size"], b64decode(held["root"]))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["why"])
def test_every_request_is_answered_as_the_protocol_says(case):
    assert str(SIGNER.vkey) == CASES["witness_vkey"]
    known = {ORIGIN: [VKey.parse(CASES["log_vkey"])]}
    body, state = case["body"].encode(), state_of(case)

    found = answer(body, state, known)

    assert found.status == case["status"]
    if "reply" in case:
        assert found.body.decode() == case["reply"]
        assert found.content_type == case["content_type"]
    if case["status"] != 200:
        assert (found.record, found.note) == (None, b"")
        return
    asked = read(body)
    [line] = note.read_lines(found.body)
    assert cosignature.verify(asked.found.text, line, SIGNER.vkey) == AT
    assert found.record == Record(asked.stated.size, asked.stated.root)


def test_there_are_26_cases():
    assert len(CASES["cases"]) == 26


def test_the_note_kept_has_the_logs_signature_and_ours_and_no_others():
    stranger = Signer(ORIGIN, note.ED25519, seed(9))
    body = write(0, [], note.sign(note.parse(signed(8)).text, LOG, stranger))

    found = note.parse(answer(body).note)

    assert [line.name for line in found.lines] == [ORIGIN, SIGNER.name]
    assert checkpoint.open(answer(body).note, [LOG.vkey]).size == 8


def test_lines_that_a_log_adds_to_its_checkpoint_are_cosigned_as_they_stand():
    text = note.parse(signed(8)).text + b"more\n"
    found = answer(write(0, [], note.sign(text, LOG)))

    [line] = note.read_lines(found.body)
    assert cosignature.verify(text, line, SIGNER.vkey) == AT


@given(st.integers(0, 40), st.integers(0, 40))
def test_what_is_asked_reads_back(old, more):
    body = asks(old, old + more)
    asked = read(body)

    assert write(asked.old, asked.proof, signed(old + more)) == body
    held = record(old)
    assert answer(body, held).status == 200


@given(st.binary(max_size=120))
def test_arbitrary_bytes_ask_for_something_or_are_refused(raw):
    for hostile in (raw, b"old 8\n" + raw, b"old 8\n\n" + raw, asks(3, 9) + raw):
        try:
            asked = read(hostile)
        except Invalid:
            assert answer(hostile).status == 400
            continue
        lines = note.join(asked.found.text, asked.found.lines)
        assert write(asked.old, asked.proof, lines) == hostile


@given(st.data())
def test_a_changed_byte_is_cosigned_only_where_nobody_signed_it(data):
    body = asks(9, 30)
    at = data.draw(st.integers(0, len(body) - 1))
    changed = bytearray(body)
    changed[at] ^= data.draw(st.integers(1, 255))

    found = answer(bytes(changed), record(9))

    assert found.status in {400, 403, 404, 409, 422}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "add-checkpoint-malformed"),
        (b"old 0\n", "add-checkpoint-malformed"),
        (b"new 0\n\n" + signed(8), "add-checkpoint-malformed"),
        (b"old \xff\n\n" + signed(8), "add-checkpoint-malformed"),
        (b"old 0\n" * 65 + b"\n" + signed(8), "add-checkpoint-malformed"),
        (write(0, [b"a" * 31], signed(8)), "add-checkpoint-malformed"),
        (write(0, [b"a" * 32] * 64, signed(8)), "add-checkpoint-malformed"),
        (b"old 0\n\n" + b"a" * witness.LIMIT, "add-checkpoint-malformed"),
        (b"old 0\n\n" + b"a" * note.LIMIT, "note-malformed"),
        (b"old 00\n\n" + signed(8), "number"),
        (b"old 9223372036854775808\n\n" + signed(8), "number"),
        (b"old 0\n!\n\n" + signed(8), "base64"),
        (write(0, [], note.sign(b"hello\n", LOG)), "checkpoint-malformed"),
    ],
)
def test_what_does_not_ask_in_the_one_way_is_refused_and_told_why(body, code):
    assert code_of(read, body) == code

    found = answer(body)

    assert (found.status, found.content_type) == (400, witness.TEXT)
    assert found.body.startswith(f"{code}: ".encode())


def test_63_hashes_are_read():
    assert len(read(write(0, [b"a" * 32] * 63, signed(8))).proof) == 63


def test_a_log_that_is_known_without_a_key_is_not_known():
    assert answer(asks(0, 8), known={ORIGIN: []}).status == 404


# What a refusal proves.


@pytest.mark.parametrize("old", [0, 7, 8, 25])
def test_two_roots_for_one_size_are_a_split_in_whatever_order_they_are_sent(old):
    found = answer(write(old, [], signed(25, FALSE)), record(25))

    assert found.status == (422 if old == 25 else 409)
    assert found.evidence == witness.SPLIT


def test_two_roots_are_a_split_even_when_the_size_that_is_stated_is_too_large():
    found = answer(write(30, [], signed(25, FALSE)), record(25))

    assert (found.status, found.evidence) == (400, witness.SPLIT)


@pytest.mark.parametrize("held", [8, 10, 16, 25])
def test_another_beginning_is_a_rewrite_once_its_root_is_shown(held):
    shown = proof(held, 200, FALSE, fraud.explicit)

    found = answer(write(held, shown, signed(200, FALSE)), record(held))

    assert (found.status, found.evidence) == (422, witness.REWRITE)


@pytest.mark.parametrize("held", [8, 10, 16, 25])
def test_an_honest_log_is_never_accused_by_what_others_send_in_its_name(held):
    path = proof(held, 200)
    hostile = [[], path[1:], path[:-1], [*path, path[0]], [b"x" * 32, *path[1:]]]
    hostile += [proof(old, 200, FALSE, fraud.explicit) for old in (held, 31)]

    for one in hostile:
        found = answer(write(held, one, signed(200)), record(held))
        assert (found.status, found.evidence) == (422, witness.UNPROVEN)
    assert answer(write(0, path, signed(200)), record(held)).evidence == ""


def test_the_first_word_of_a_log_contradicts_nothing():
    strange = note.sign(checkpoint.text(ORIGIN, 0, b"a" * 32), LOG)

    found = answer(write(0, [], strange))

    assert (found.status, found.evidence) == (422, witness.UNPROVEN)
    assert answer(write(0, [], strange), Record(0, tree.EMPTY)).evidence == "split"


# Whoever asks at once: each looks at a record, and stores only if that still stands.


@dataclass
class Race:
    held: Record | None = None
    under_way: list = field(default_factory=list)
    cosigned: dict = field(default_factory=dict)


class Witness(RuleBasedStateMachine):
    """N and N+K are decided at once, on either history, and settled in any order."""

    def __init__(self):
        super().__init__()
        self.race = Race()
        self.largest = 0

    @rule(size=st.integers(0, 60), leaves=st.sampled_from([TRUE, FALSE]))
    def begin(self, size, leaves):
        held = self.race.held
        old = held.size if held else 0
        body = asks(old, max(size, old), leaves)
        self.race.under_way.append((held, answer(body, held)))

    @rule(data=st.data())
    def settle(self, data):
        if not self.race.under_way:
            return
        at = data.draw(st.integers(0, len(self.race.under_way) - 1))
        seen, decision = self.race.under_way.pop(at)
        if seen != self.race.held or decision.record is None:
            return  # somebody was quicker, and this one asks again
        self.race.held = decision.record
        roots = self.race.cosigned.setdefault(decision.record.size, set())
        roots.add(decision.record.root)

    @invariant()
    def the_record_never_moves_back_and_no_size_has_two_roots(self):
        size = self.race.held.size if self.race.held else 0
        assert size >= self.largest
        self.largest = size
        assert all(len(roots) == 1 for roots in self.race.cosigned.values())

    @invariant()
    def everything_cosigned_is_one_history(self):
        for leaves in (TRUE, FALSE):
            if all(
                roots == {tree.root(grown(leaves[:size]))}
                for size, roots in self.race.cosigned.items()
            ):
                return
        raise AssertionError("two histories were cosigned")


TestWitness = Witness.TestCase
