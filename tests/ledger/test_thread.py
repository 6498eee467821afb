from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import checkpoint, entry, note, proof
from ledger.encoding import b64u
from ledger.receipt import (
    Bracket,
    ClearEntry,
    Held,
    Level,
    Pins,
    elapsed,
    head_note,
    make,
    read_head,
    verify_thread,
)
from tests.ledger.honest import PINS, START, TRUSTED, Chain, Node, leaf_of, noise
from tests.ledger.test_receipt import failures, with_extra
from tests.ledger.worked import ADA, LOG, ORIGIN, STATEMENTS

NAMES = [
    "form",
    "receipts",
    "chain",
    "log",
    "witnesses",
    "leaves",
    "tags",
    "head",
    "report",
]


def wrong(verdict):
    # What fails, without the report that a failing step leaves out.
    found = failures(verdict)
    assert ("not-checked" in found.values()) == (verdict.level is None)
    return {step: code for step, code in found.items() if step != 9 or len(found) < 2}


class Member:
    # Three entries of one case among those of another, and what its member holds.
    def __init__(self):
        self.pins = PINS
        self.node, self.case, self.other = Node(), Chain("mine"), Chain("theirs")
        for chain in (self.case, self.other, self.case, self.other, self.case):
            self.node.say(chain)
            self.node.cover()

    def check(self, receipts=None, leaves=None, signed=None, key=None, **more):
        node = self.node
        held = Held(
            receipts=node.receipts(self.case) if receipts is None else receipts,
            checkpoint=node.note(at=node.now) if signed is None else signed,
            case_key=self.case.key if key is None else key,
            **more,
        )
        leaves = node.leaves if leaves is None else leaves
        return verify_thread(held, leaves, TRUSTED, self.pins)


@pytest.fixture
def held():
    return Member()


# What holds


def test_a_whole_thread_is_found_complete_in_nine_steps(held):
    verdict = held.check(head=held.node.head(held.case))

    assert verdict.valid
    assert [found.name for found in verdict.findings] == NAMES
    assert [found.step for found in verdict.findings] == list(range(1, 10))
    assert verdict.level is Level.WITNESSED
    assert (verdict.log, verdict.size, verdict.count) == (ORIGIN, 11, 3)
    assert [one.index for one in verdict.entries] == held.case.indexes
    assert [one.c for one in verdict.entries] == [held.case.c(n) for n in range(3)]


def test_every_finding_is_a_sentence(held):
    for receipts in (None, [], [b""]):
        for found in held.check(receipts).findings:
            assert found.text[0].isupper()
            assert found.text.endswith(".")


def test_the_order_in_which_files_are_handed_over_does_not_matter(held):
    assert held.check(held.node.receipts(held.case)[::-1]).valid


def test_a_chain_without_entries_is_complete_too(held):
    assert held.check([], key=b"k" * 32).valid
    assert held.check([], key=b"k" * 32).count == 0


def test_a_thread_is_checked_at_an_older_size(held):
    node = held.node
    older = node.receipts(held.case)[:2]

    verdict = held.check(older, node.leaves[:8], node.note(8, at=START))

    assert verdict.valid
    assert (verdict.size, verdict.count) == (8, 2)


def test_the_witness_asked_for_may_be_missing_and_is_told_apart_from_damage(held):
    verdict = held.check(signed=held.node.note())

    assert wrong(verdict) == {5: "quorum"}
    assert verdict.level is Level.RECEIVED


def test_no_head_note_is_needed(held):
    assert held.check().findings[7].text == "No note on the chain's head was given."


@given(places=st.lists(st.integers(0, 2), max_size=12))
@settings(deadline=None, max_examples=20)
def test_any_honest_thread_is_complete(places):
    node, chains = Node(), [Chain("a"), Chain("b")]
    for place in places:
        node.cover() if place == 2 else node.say(chains[place])

    for chain in chains:
        held = Held(
            receipts=node.receipts(chain),
            checkpoint=node.note(at=node.now),
            case_key=chain.key,
            head=node.head(chain),
        )
        verdict = verify_thread(held, node.leaves, TRUSTED, PINS)
        assert verdict.valid
        assert verdict.count == len(chain.entries)


# What is missing, doubled, swapped or added


@pytest.mark.parametrize(("gone", "step", "code"), [(0, 3, "gap"), (1, 3, "gap")])
def test_an_entry_left_out_in_the_middle_leaves_a_gap(held, gone, step, code):
    receipts = held.node.receipts(held.case)
    del receipts[gone]

    assert wrong(held.check(receipts))[step] == code


def test_the_last_entry_left_out_is_found_by_its_tag(held):
    verdict = held.check(held.node.receipts(held.case)[:2])

    assert wrong(verdict)[7] == "withheld"


def saved_then_grown(said=2):
    # What was saved of a case, and what the log held later.
    held = Member()
    receipts, head = held.node.receipts(held.case), held.node.head(held.case)
    for _ in range(said):
        held.node.say(held.case)
    return held, receipts, head


def test_what_came_after_a_case_was_saved_was_not_kept_back():
    held, receipts, head = saved_then_grown()

    verdict = held.check(receipts, head=head)

    assert wrong(verdict) == {7: "grown"}
    assert (verdict.later, verdict.level, verdict.valid) == (2, None, False)
    assert held.check(head=held.node.head(held.case)).later == 0


def test_a_case_that_grew_is_told_so_even_where_no_witness_saw_the_log():
    held, receipts, head = saved_then_grown()

    verdict = held.check(receipts, signed=held.node.note(), head=head)

    assert wrong(verdict) == {5: "quorum", 7: "grown"}
    assert verdict.later == 2


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_case_that_grew_lacks_nothing_that_the_node_had_counted(gone):
    held, receipts, head = saved_then_grown()
    del receipts[gone]

    verdict = held.check(receipts, head=head)

    assert wrong(verdict)[7] == "withheld"
    assert verdict.later == 0


def test_without_a_head_that_holds_nobody_knows_when_a_case_was_saved():
    held, receipts, head = saved_then_grown()
    foreign = held.node.head(held.other)

    for other in (None, foreign, head.replace(b"count 3", b"count 2")):
        assert wrong(held.check(receipts, head=other))[7] == "withheld"
    held.pins = Pins()
    assert wrong(held.check(receipts, head=head))[7] == "withheld"


def test_a_case_that_grew_and_is_wrong_besides_is_wrong():
    held, receipts, head = saved_then_grown()
    held.node.put(leaf_of(held.case, 4))
    assert wrong(held.check(receipts, head=head))[7] == "tag-twice"
    held, receipts, head = saved_then_grown()
    fewer = Chain("mine", held.case.entries[:2], held.case.indexes[:2])

    verdict = held.check(receipts, head=Node.head(held.node, fewer, 11))

    assert wrong(verdict) == {7: "grown", 8: "head-withheld"}
    assert verdict.later == 0


def test_a_case_does_not_grow_by_numbers_that_leave_one_out():
    held, receipts, head = saved_then_grown(said=0)
    held.node.put(leaf_of(Chain("mine", [*held.case.entries, *held.case.entries]), 4))

    assert wrong(held.check(receipts, head=head))[7] == "withheld"


def test_an_entry_handed_over_twice_is_refused(held):
    receipts = held.node.receipts(held.case)

    assert wrong(held.check([*receipts, receipts[1]])) == {3: "seq-twice"}


def test_an_entry_of_another_chain_does_not_belong_here(held):
    receipts = held.node.receipts(held.case)
    receipts[2] = held.node.receipt(held.other, 1)

    verdict = held.check(receipts)

    assert wrong(verdict)[2] == "case-key"
    assert wrong(verdict)[3] == "case-key"


def test_an_entry_that_was_never_recorded_is_not_in_the_leaves(held):
    node = held.node
    node.write(held.case)
    held.case.indexes.append(node.size)
    extra = Node()
    extra.leaves = [*node.leaves, leaf_of(held.case, 3)]

    verdict = held.check(extra.receipts(held.case))

    assert wrong(verdict)[7] == "not-recorded"


def test_a_leaf_recorded_twice_is_found(held):
    held.node.put(leaf_of(held.case, 1))

    assert wrong(held.check())[7] == "tag-twice"


def test_a_second_entry_under_the_same_number_is_a_fork(held):
    node = held.node
    twin = Chain("mine", held.case.entries[:1], held.case.indexes[:1])
    node.say(twin, kind="ack")

    receipts = [node.receipt(twin, 0), node.receipt(twin, 1)]
    receipts.append(node.receipt(held.case, 2))
    verdict = held.check(receipts)

    assert wrong(verdict) == {3: "fork", 7: "tag-twice"}
    assert wrong(held.check())[7] == "tag-twice"


def test_an_entry_recorded_elsewhere_than_its_receipt_says_is_found(held):
    # Its leaf stands at another place of this checkpoint: two histories were signed.
    other = Member()
    other.node.leaves[5], other.node.leaves[6] = (
        other.node.leaves[6],
        other.node.leaves[5],
    )

    assert wrong(held.check(leaves=other.node.leaves))[6] == "leaves"
    verdict = held.check(leaves=other.node.leaves, signed=other.node.note(at=START))
    assert wrong(verdict) == {7: "place"}


def test_a_leaf_with_another_commitment_is_found(held):
    other = Member()
    forged = entry.sealed(entry.tag(held.case.key, 2), noise("forged"))
    other.node.leaves[held.case.indexes[2]] = forged

    verdict = held.check(leaves=other.node.leaves, signed=other.node.note(at=START))

    assert wrong(verdict) == {7: "place"}


@pytest.mark.parametrize("first", [b"\0", b"\1", b"\2"])
def test_a_leaf_of_an_unknown_kind_is_no_entry_whatever_it_holds(held, first):
    tag = entry.tag(held.case.key, 1)
    held.node.put(first + tag + b"short")

    assert held.check().valid


@given(data=st.data())
@settings(deadline=None, max_examples=40)
def test_no_change_to_a_thread_goes_unseen(data):
    held = Member()
    receipts, leaves = held.node.receipts(held.case), list(held.node.leaves)
    one = data.draw(st.integers(0, 2), label="entry")
    how = data.draw(st.sampled_from(["drop", "add", "swap", "double"]), label="how")
    where = data.draw(st.sampled_from(["receipts", "leaves"]), label="where")
    changed, new = (
        (receipts, held.node.receipt(held.other, one % 2))
        if where == "receipts"
        else (leaves, leaf_of(held.other, one % 2))
    )
    at = one if where == "receipts" else held.case.indexes[one]
    if how == "drop":
        del changed[at]
    elif how == "add":
        changed.insert(at, new)
    elif how == "swap":
        changed[at] = new
    else:
        changed.append(changed[at])

    verdict = held.check(receipts, leaves)

    assert not verdict.valid
    assert verdict.level is None


# The chain


def bent(**changes):
    held = Member()
    held.node.say(held.case, **changes)
    return wrong(held.check())


def test_links_numbers_and_times_are_those_of_one_chain():
    assert bent() == {}
    assert bent(prev=noise("other")) == {3: "fork"}
    assert bent(at=START * 1000) == {3: "time"}
    assert bent(case=b"c" * 16)[3] == "chain-mismatch"
    assert bent(seq=5)[3] == "gap"


def test_entries_stand_in_the_log_in_the_order_of_their_numbers(held):
    node, case = held.node, held.case
    node.write(case)
    node.write(case)
    case.indexes += [node.size + 1, node.size]
    node.put(leaf_of(case, 4))
    node.put(leaf_of(case, 3))

    assert wrong(held.check()) == {3: "order", 7: "order"}


def test_a_receipt_for_another_log_is_refused():
    assert bent(log="other.example/ledger")[3] == "log-mismatch"


def test_a_clear_entry_belongs_to_no_thread(held):
    node = held.node
    genesis = make(ClearEntry(node.leaves[0]), 0, node.proof(0), node.note())

    verdict = held.check([genesis])

    assert wrong(verdict)[1] == "not-sealed"
    assert verdict.findings[8].code == "not-checked"


def test_a_receipt_that_fails_by_itself_is_named(held):
    receipts = held.node.receipts(held.case)
    receipts[1] = with_extra(receipts[1], d=[entry.disclose(b"s" * 16, "a", 1)])

    verdict = held.check(receipts)

    assert wrong(verdict)[2] == "field-foreign"
    assert "Entry 1" in verdict.findings[1].text


# The checkpoint and the leaves


def test_a_checkpoint_of_another_log_is_refused(held):
    foreign = note.sign(checkpoint.text("other.example/ledger", 11, b"r" * 32), LOG)

    found = wrong(held.check(signed=foreign))

    assert (found[3], found[4], found[6]) == ("log-mismatch", "log-unknown", "leaves")


def test_a_checkpoint_that_nobody_trusted_signed_is_refused(held):
    signed = note.sign(held.node.text(), replace(ADA, name=ORIGIN))

    assert wrong(held.check(signed=signed))[4] == "log-unknown"


def test_a_checkpoint_that_cannot_be_read_is_refused(held):
    assert wrong(held.check(signed=b"hello"))[1] == "note-malformed"


@pytest.mark.parametrize("change", [slice(0, 10), slice(0, 0), slice(1, None)])
def test_leaves_that_are_not_the_logs_prove_nothing(held, change):
    assert wrong(held.check(leaves=held.node.leaves[change]))[6] == "leaves"


def test_leaves_without_end_are_not_read_to_their_end(held):
    read = []

    def endless():
        while True:
            read.append(1)
            yield b"\1" + b"0" * 48

    assert wrong(held.check(leaves=endless()))[6] == "leaves"
    assert len(read) == 12


def test_a_receipt_of_a_gigabyte_is_refused_without_being_read(held):
    class Huge(bytes):
        def __len__(self):
            return 1 << 30

    assert wrong(held.check([Huge()]))[1] == "proof-malformed"


def test_a_receipt_with_64_hashes_is_refused(held):
    found = proof.read(held.node.receipt(held.case, 0))
    raw = proof.write(found.extra, found.index, [b"h" * 32] * 64, found.checkpoint)

    assert wrong(held.check([raw]))[1] == "proof-malformed"


# The head note


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"count": 2}, "head-withheld"),
        ({"count": 4}, "head-withheld"),
        ({"head": b"x" * 32}, "head-withheld"),
        ({"head": None}, "head-withheld"),
        ({"kc": b"k" * 32}, "chain-mismatch"),
        ({"log": "node.example/ledger/2"}, "chain-mismatch"),
        ({"log": "other.example/ledger"}, "head-foreign"),
    ],
)
def test_a_head_note_that_says_otherwise_is_found(held, changes, code):
    honest = read_head(held.node.head(held.case), [STATEMENTS.vkey])
    lying = head_note(replace(honest, **changes), STATEMENTS)

    assert wrong(held.check(head=lying)) == {8: code}


def test_an_older_head_note_counts_as_the_log_was_then(held):
    assert held.check(head=held.node.head(held.case, 5)).valid
    assert held.check(head=held.node.head(held.case, 1)).valid


def test_a_newer_head_note_says_nothing_about_an_older_size(held):
    head = held.node.head(held.case)

    verdict = held.check(
        held.node.receipts(held.case)[:2],
        held.node.leaves[:8],
        held.node.note(8, at=START),
        head=head,
    )

    assert wrong(verdict) == {8: "head-newer"}


def test_a_head_note_needs_a_statements_key_to_check_it(held):
    held.pins = Pins()

    verdict = held.check(head=held.node.head(held.case))

    assert wrong(verdict) == {8: "note-unsigned"}


# Erased entries


@pytest.mark.parametrize("erased", [[0], [1], [2], [0, 1], [1, 2], [0, 1, 2]])
def test_an_erased_entry_stands_as_its_commitment_and_place(held, erased):
    kept = [n for n in range(3) if n not in erased]
    receipts = [held.node.receipt(held.case, n) for n in kept]

    verdict = held.check(receipts, erased=frozenset(erased))

    assert verdict.valid
    assert verdict.count == 3
    for seq in erased:
        shown = verdict.entries[seq]
        assert (shown.c, shown.index) == (held.case.c(seq), held.case.indexes[seq])
        assert (shown.at, shown.tombstone) == (None, None)


def test_public_entries_about_something_else_change_nothing(held):
    before = held.check()
    held.node.clear("policy", {"policy": 'quorum none # "kind":"tombstone"'})

    after = held.check()
    assert after.valid
    assert [one.index for one in after.entries] == [one.index for one in before.entries]


def test_the_tombstone_of_an_erased_entry_is_found(held):
    body = {"level": "entry", "basis": "consent", "count": 1}
    targets = [b64u(held.case.c(1)), "x"]
    held.node.clear("tombstone", body | {"targets": None})
    where = held.node.clear("tombstone", body | {"targets": targets})
    receipts = [held.node.receipt(held.case, n) for n in (0, 2)]

    verdict = held.check(receipts, erased=frozenset({1}))

    assert verdict.valid
    assert verdict.entries[1].tombstone == where


def test_an_entry_that_is_called_erased_must_have_been_there(held):
    assert wrong(held.check(erased=frozenset({3}))) == {7: "not-recorded"}


@pytest.mark.parametrize("seq", [-1, 2**64])
def test_what_is_no_number_of_an_entry_is_refused(held, seq):
    assert failures(held.check(erased=frozenset({seq})))[1] == "number"


@pytest.mark.parametrize("key", [b"", b"k" * 31])
def test_what_is_no_case_key_is_refused(held, key):
    assert failures(held.check(key=key))[1] == "case-key"


def test_an_entry_is_shown_or_erased_and_not_both(held):
    assert wrong(held.check(erased=frozenset({2}))) == {3: "seq-twice"}


def test_an_erased_entry_is_the_one_that_the_next_one_follows(held):
    other = Member()
    forged = entry.sealed(entry.tag(held.case.key, 1), noise("forged"))
    other.node.leaves[held.case.indexes[1]] = forged
    receipts = [held.node.receipt(held.case, n) for n in (0, 2)]

    verdict = held.check(
        receipts,
        other.node.leaves,
        other.node.note(at=START),
        erased=frozenset({1}),
    )

    assert wrong(verdict) == {7: "place"}


# When it was


def test_the_checkpoint_bounds_every_entry_from_above(held):
    verdict = held.check(signed=held.node.note(at=START + 30))

    assert [one.when.not_after for one in verdict.entries] == [START + 11] * 3


def test_what_one_entry_cites_bounds_all_that_follow_it():
    member = Member()
    cited = member.node.note(at=START + 100)
    member.pins = replace(PINS, notes=(cited,))
    member.node.say(member.case, seen=seen(cited), at=(START + 101) * 1000)
    member.node.say(member.case, at=(START + 102) * 1000)

    verdict = member.check(signed=member.node.note(at=START + 160))

    assert verdict.valid
    before = [one.when.not_before for one in verdict.entries]
    assert before == [None] * 3 + [START + 100] * 2


@pytest.mark.parametrize(("late", "ok"), [(300, True), (301, False)])
def test_a_time_that_witnesses_rule_out_is_not_believed(late, ok):
    member = Member()
    cited = member.node.note(at=START + 100 + late)
    member.pins = replace(PINS, notes=(cited,))
    member.node.say(member.case, seen=seen(cited), at=(START + 100) * 1000)

    verdict = member.check()

    assert wrong(verdict) == ({} if ok else {9: "time-outside"})
    assert verdict.valid is ok


def test_a_time_after_all_witnesses_is_not_believed_either(held):
    held.node.say(held.case, at=(START + 900) * 1000)

    assert wrong(held.check()) == {9: "time-outside"}


def test_nothing_is_ruled_out_for_an_erased_entry(held):
    held.node.say(held.case, at=(START + 900) * 1000)
    receipts = held.node.receipts(held.case)[:3]

    assert held.check(receipts, erased=frozenset({3})).valid


def seen(signed):
    stated = checkpoint.parse(note.parse(signed).text)
    return entry.Seen(stated.root, stated.size)


@pytest.mark.parametrize(
    ("asked", "answered", "between"),
    [
        (Bracket(100, 160), Bracket(400, 460), (240, 360)),
        (Bracket(100, 460), Bracket(400, 500), (0, 400)),
        (Bracket(None, 160), Bracket(400, 460), (240, None)),
        (Bracket(100, 160), Bracket(400, None), (240, None)),
        (Bracket(100, None), Bracket(400, 460), (0, 360)),
        (Bracket(100, 160), Bracket(None, 460), (0, 360)),
    ],
)
def test_a_response_took_between_two_times(asked, answered, between):
    assert elapsed(asked, answered) == between
