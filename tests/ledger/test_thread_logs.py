# Threads over two logs: the first could not be recovered, the second goes on.
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import audit, entry, policy, telling
from ledger.audit import AWARDED
from ledger.receipt import Held, Level, head_note, read_head, verify_thread
from tests.ledger.honest import PINS, START, TRUSTED, Chain, Moved, leaf_of, noise
from tests.ledger.test_thread import Member, wrong
from tests.ledger.worked import ORIGIN, STATEMENTS

NEXT = f"{ORIGIN}/2"
#: After both logs were signed for the last time.
LATE = (START + 1000) * 1000


def check(it, number=1, receipts=None, *, leaves=None, trusted=None, **more):
    node = it.nodes[number]
    held = Held(
        receipts=it.receipts() if receipts is None else receipts,
        checkpoint=more.pop("signed", None) or node.note(at=node.now),
        case_key=it.case.key,
        **more,
    )
    leaves = node.leaves if leaves is None else leaves
    return verify_thread(held, leaves, trusted or it.policy, PINS)


@pytest.fixture
def moved():
    return Moved(3, 2)


# What holds


@pytest.mark.parametrize(("number", "away"), [(0, 2), (1, 3)])
def test_a_thread_goes_on_in_the_next_log(moved, number, away):
    verdict = check(moved, number, head=moved.head(number))

    assert wrong(verdict) == {}
    assert (verdict.level, verdict.count, verdict.away) == (Level.WITNESSED, 5, away)
    assert [one.log for one in verdict.entries] == [ORIGIN] * 3 + [NEXT] * 2
    assert [one.seq for one in verdict.entries] == list(range(5))
    assert [one.index for one in verdict.entries] == moved.case.indexes
    assert verdict.log == moved.nodes[number].origin


def test_people_are_told_what_only_the_other_log_shows(moved):
    verdict = check(moved)

    assert verdict.findings[-1].text.endswith(
        "Of these, 3 stand in another log of this host: their receipts hold, but only "
        "a copy of that log shows that it has them, and no others."
    )
    lines = list(telling.thread_lines(verdict))
    assert lines[1].startswith("3 of them stand in another log of this host: check")
    assert lines[-5].endswith(f", in {ORIGIN}")
    assert NEXT not in lines[-1]
    told = telling.thread(verdict)
    assert [one["log"] for one in told["entries"]] == [ORIGIN] * 3 + [NEXT] * 2


def test_a_thread_in_one_log_is_told_as_before():
    verdict = Member().check()

    assert verdict.away == 0
    assert "another log" not in "\n".join(telling.thread_lines(verdict))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_three_logs_are_one_chain_too(number):
    it = Moved(2, 2, 2)

    assert wrong(check(it, number, head=it.head(number))) == {}


@pytest.mark.parametrize("counts", [(3, 0), (0, 3), (2, 0, 2)])
def test_a_log_may_hold_nothing_of_a_case(counts):
    it = Moved(*counts)

    for number in range(len(counts)):
        verdict = check(it, number, head=it.head(number))
        assert wrong(verdict) == {}
        assert verdict.count - verdict.away == counts[number]


@given(
    counts=st.lists(st.integers(0, 3), min_size=1, max_size=3),
    erased=st.sets(st.integers(0, 8)),
)
@settings(deadline=None, max_examples=25)
def test_any_honest_thread_over_several_logs_is_complete(counts, erased):
    it = Moved(*counts)
    gone = erased & set(range(len(it.where)))
    shown = {number for seq, number in enumerate(it.where) if seq not in gone}
    for number in range(len(counts)):
        # Of an entry that is erased, another log is believed only if it is shown, or
        # if this one holds nothing of the chain.
        unshown = {it.where[seq] for seq in gone} - shown - {number}
        if unshown and (number in it.where or not shown):
            continue
        receipts = it.receipts(*gone)
        head = it.head(number)
        verdict = check(it, number, receipts, erased=frozenset(gone), head=head)
        assert wrong(verdict) == {}
        assert verdict.count == len(it.where)


def test_awards_in_two_logs_are_one_sum():
    it = Moved(0, 0)
    for number, worth in ((0, 3), (1, 4)):
        public = {"award": f"a{number}", "points": worth}
        shown = entry.disclose(b"s" * 16, "event", [AWARDED, 1, "x", public, None])
        it.say(number, kind=AWARDED, fields=(entry.digest(shown),))
        it.case.entries[-1] = replace(it.case.entries[-1], d=(shown,))

    assert audit.points(check(it)) == 7


# What does not


def test_the_receipts_of_each_log_need_its_key(moved):
    verdict = check(moved, trusted=replace(TRUSTED, logs=(moved.nodes[1].log.vkey,)))

    assert wrong(verdict) == {2: "log-unknown"}


def test_a_policy_file_names_both_logs(moved):
    lines = "".join([f"log {node.log.vkey}\n" for node in moved.nodes])
    trusted = policy.parse(f"{lines}quorum none\n".encode())

    assert check(moved, trusted=trusted).level is Level.RECEIVED


@pytest.mark.parametrize(
    ("gone", "number", "code"),
    [
        (0, 1, {3: "gap"}),
        (2, 1, {3: "gap"}),
        (3, 1, {3: "gap", 7: "withheld"}),
        (4, 1, {7: "withheld"}),
        (2, 0, {3: "gap", 7: "withheld"}),
    ],
)
def test_an_entry_left_out_of_either_log_is_missed(moved, gone, number, code):
    assert wrong(check(moved, number, moved.receipts(gone))) == code


def test_another_hosts_log_is_not_the_next():
    held = Member()
    held.node.say(held.case, log="other.example/ledger/2")

    assert wrong(held.check())[3] == "log-mismatch"


def test_entries_are_linked_from_one_log_to_the_next():
    for changes, code in (
        ({"prev": noise("else")}, "fork"),
        ({"at": 1}, "time"),
        ({"case": b"c" * 16}, "chain-mismatch"),
    ):
        it = Moved(3, 0)
        it.say(1, **changes)
        assert wrong(check(it))[3] == code


def test_the_logs_follow_one_another_as_the_numbers_do(moved):
    # One entry more in the old log, after it was followed by the new one.
    moved.say(0, at=LATE)

    assert wrong(check(moved)) == {3: "order", 7: "order"}
    assert wrong(check(moved, 0)) == {3: "order", 7: "order"}


def test_an_erased_entry_of_this_log_does_not_stand_among_anothers(moved):
    moved.say(0, at=LATE)
    moved.say(1, at=LATE)

    verdict = check(moved, 0, moved.receipts(5), erased=frozenset({5}))

    assert wrong(verdict) == {7: "order"}


@pytest.mark.parametrize(("number", "seq"), [(1, 0), (1, 2), (0, 3), (0, 4), (1, 5)])
def test_no_tag_of_the_chain_stands_in_a_log_that_is_not_its_own(moved, number, seq):
    chain, node = moved.case, moved.nodes[number]
    leaf = entry.sealed(entry.tag(chain.key, seq), noise("twin"))
    if seq < 5:
        assert leaf[:17] == leaf_of(chain, seq)[:17]
    node.put(leaf)

    code = "tag-twice" if seq < 5 else "withheld"
    assert wrong(check(moved, number)) == {7: code}


def test_one_number_stands_in_one_log():
    # The new log begins before the end of the old one, and gives its last number anew.
    it = Moved(3, 0)
    twin = Chain("mine", it.case.entries[:2], it.case.indexes[:2])
    it.nodes[1].say(twin)
    again = it.nodes[1].receipt(twin, 2)

    assert wrong(check(it, receipts=[*it.receipts(), again])) == {
        3: "seq-twice",
        7: "tag-twice",
    }


# Erased entries


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("erased", [{0}, {1}, {2}, {3}, {4}, {1, 2}, {2, 3}, {0, 4}])
def test_an_erased_entry_may_stand_in_either_log(moved, number, erased):
    verdict = check(
        moved,
        number,
        moved.receipts(*erased),
        erased=frozenset(erased),
        head=moved.head(number),
    )

    assert wrong(verdict) == {}
    assert verdict.count == 5
    for seq in erased:
        found = verdict.entries[seq]
        here = moved.where[seq] == number
        assert (found.index is None) == (not here)
        assert found.log == (moved.nodes[number].origin if here else "")
        followed = seq + 1 not in erased and seq < 4
        known = here or followed
        assert found.c == (moved.case.c(seq) if known else None)
    assert "erased" in "\n".join(telling.thread_lines(verdict))


def test_an_erased_entry_in_another_log_needs_that_log_to_be_shown(moved):
    for erased in ({0, 1, 2}, {0, 1, 2, 3}, {0, 1, 2, 3, 4}):
        verdict = check(moved, 1, moved.receipts(*erased), erased=frozenset(erased))
        assert wrong(verdict) == {7: "not-recorded"}


def test_an_entry_that_nothing_at_all_shows_is_not_recorded():
    found = check(Moved(3, 0), 1, [], erased=frozenset({0}))

    assert wrong(found) == {7: "not-recorded"}


@pytest.mark.parametrize(
    ("counts", "number", "seq"), [((2, 3), 1, 3), ((3, 2), 0, 1), ((1, 3, 1), 1, 2)]
)
def test_an_entry_between_this_logs_own_stands_nowhere_else(counts, number, seq):
    it = Moved(*counts)
    it.nodes[number].leaves[it.case.indexes[seq]] = entry.cover(bytes(48))

    verdict = check(it, number, it.receipts(seq), erased=frozenset({seq}))

    assert wrong(verdict) == {7: "not-recorded"}


@pytest.mark.parametrize("erased", [{0}, {1}, {2}, {3}, {1, 2}, {0, 3}, {2, 3}])
@pytest.mark.parametrize("counts", [(2, 0, 2), (4, 0), (0, 4), (2, 0, 1, 1)])
def test_a_log_without_any_entry_says_nothing_of_erased_ones(counts, erased):
    # Whether they came before it or after, nobody can tell; so both are believed.
    it = Moved(*counts)
    number, gone = counts.index(0), frozenset(erased)

    verdict = check(it, number, it.receipts(*gone), erased=gone, head=it.head(number))

    assert wrong(verdict) == {}
    assert {verdict.entries[seq].log for seq in erased} == {""}


def test_an_erased_entry_is_counted_where_it_must_have_been():
    it = Moved(3, 0, 3)
    honest = read_head(it.head(1), [STATEMENTS.vkey])
    for erased, counts in (({1}, {3}), ({5}, {3}), ({2}, {2, 3}), ({2, 3}, {2, 3, 4})):
        for count in range(7):
            # Of what was erased, nobody knows which commitment it had.
            last = it.case.c(count - 1) if count else None
            said = head_note(replace(honest, count=count, head=last), STATEMENTS)
            gone = frozenset(erased)
            found = check(it, 1, it.receipts(*gone), erased=gone, head=said)
            assert (wrong(found) == {}) == (count in counts)


def test_an_erased_entry_of_this_log_is_the_one_that_the_next_logs_first_follows(moved):
    node = moved.nodes[0]
    forged = entry.sealed(entry.tag(moved.case.key, 2), noise("forged"))
    node.leaves[moved.case.indexes[2]] = forged
    receipts = moved.receipts(2)

    assert wrong(check(moved, 0, receipts, erased=frozenset({2}))) == {7: "place"}


# The head note


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"count": 2}, "head-withheld"),
        ({"count": 4}, "head-withheld"),
        ({"head": b"x" * 32}, "head-withheld"),
        ({"head": None}, "head-withheld"),
        ({"log": ORIGIN}, "chain-mismatch"),
    ],
)
def test_a_head_note_counts_the_whole_chain(moved, changes, code):
    honest = read_head(moved.head(1), [STATEMENTS.vkey])
    lying = head_note(replace(honest, **changes), STATEMENTS)

    assert honest.count == 5
    assert wrong(check(moved, head=lying)) == {8: code}


def test_a_head_note_of_a_young_log_ends_in_the_one_before(moved):
    head = read_head(moved.head(1, 1), [STATEMENTS.vkey])

    assert (head.count, head.head) == (3, moved.case.c(2))
    assert check(moved, head=moved.head(1, 1)).valid


def test_a_head_note_ends_in_an_entry_of_which_nobody_knows_the_commitment():
    it = Moved(3, 0)
    head = it.head(1)
    gone = frozenset({2})
    receipts = it.receipts(2)

    assert wrong(check(it, receipts=receipts, erased=gone, head=head)) == {}
    none = replace(read_head(head, [STATEMENTS.vkey]), head=None)
    lying = head_note(none, STATEMENTS)
    found = check(it, receipts=receipts, erased=gone, head=lying)
    assert wrong(found) == {8: "head-withheld"}


def test_a_head_note_counts_no_entry_of_a_later_log(moved):
    honest = read_head(moved.head(0), [STATEMENTS.vkey])
    lying = head_note(replace(honest, count=5, head=b"x" * 32), STATEMENTS)

    found = check(moved, 0, moved.receipts(3), erased=frozenset({3}), head=lying)

    assert wrong(found) == {8: "head-withheld"}
    longer = head_note(replace(honest, count=4, head=moved.case.c(3)), STATEMENTS)
    found = check(moved, 0, moved.receipts(3), erased=frozenset({3}), head=longer)
    assert wrong(found) == {8: "head-withheld"}


def test_a_head_note_of_a_chain_without_entries_names_none():
    it = Moved(0, 3)
    honest = read_head(it.head(0), [STATEMENTS.vkey])
    lying = head_note(replace(honest, head=it.case.c(0)), STATEMENTS)

    assert (honest.count, honest.head) == (0, None)
    assert wrong(check(it, 0, head=lying)) == {8: "head-withheld"}


# When it was


def test_the_checkpoint_bounds_no_entry_of_a_later_log(moved):
    verdict = check(moved, 0)

    seen = moved.nodes[0].now
    after = [one.when.not_after for one in verdict.entries]
    assert after[:3] == [seen] * 3
    assert min(after[3:]) > seen
