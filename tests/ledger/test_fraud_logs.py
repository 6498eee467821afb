# Two logs of one host are two: what one signed accuses it of nothing in the other.
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import entry, fraud
from ledger.included import Included
from ledger.receipt import head_note, read_head
from tests.ledger.honest import PINS, Moved, noise
from tests.ledger.worked import STATEMENTS, WITNESS


def judged(it, raw):
    found = fraud.judge(raw, it.policy, PINS)
    assert found.holds == (found.code == "")
    return found.code


def told(head):
    return fraud.Told(STATEMENTS.vkey, head)


@pytest.fixture
def moved():
    return Moved(3, 2)


@pytest.mark.parametrize("number", [0, 1])
def test_a_head_note_of_one_log_denies_no_entry_of_the_other(moved, number):
    short = replace(
        read_head(moved.head(number), [STATEMENTS.vkey]), count=0, head=None
    )
    head = told(head_note(replace(short, size=99), STATEMENTS))
    foreign = [n for n in range(5) if moved.where[n] != number]

    for seq in foreign:
        receipt = moved.receipts()[seq]
        for node, code in (
            (moved.nodes[number], "log-unknown"),
            (moved.nodes[1 - number], "no-withheld"),
        ):
            raw = fraud.withheld(node.log.vkey, head, receipt)
            assert judged(moved, raw) == code


@given(
    counts=st.lists(st.integers(0, 3), min_size=2, max_size=3),
    number=st.integers(0, 2),
    data=st.data(),
)
@settings(deadline=None, max_examples=25)
def test_a_node_that_counts_the_whole_chain_withholds_nothing(counts, number, data):
    it = Moved(*counts)
    node = it.nodes[number % len(counts)]
    size = data.draw(st.integers(0, node.size), label="size")
    head = told(it.head(number % len(counts), size))

    for receipt in it.receipts():
        for log in it.nodes:
            raw = fraud.withheld(log.log.vkey, head, receipt)
            assert judged(it, raw) in {"no-withheld", "log-unknown"}


def test_a_node_that_counts_only_what_stands_in_its_new_log_contradicts_itself(moved):
    head = read_head(moved.head(1), [STATEMENTS.vkey])
    alone = told(head_note(replace(head, count=2), STATEMENTS))

    raw = fraud.withheld(moved.nodes[1].log.vkey, alone, moved.receipts()[3])

    assert judged(moved, raw) == ""


@pytest.mark.parametrize("number", [0, 1])
def test_one_tag_in_two_logs_is_no_twin_of_either(moved, number):
    old, new = moved.nodes
    new.put(entry.sealed(entry.tag(moved.case.key, 0), noise("again")))
    leaves = [
        Included(index, node.leaves[index], tuple(node.proof(index)))
        for node, index in ((old, moved.case.indexes[0]), (new, new.size - 1))
    ]
    assert leaves[0].leaf[:17] == leaves[1].leaf[:17]
    node = moved.nodes[number]

    raw = fraud.twin(node.log.vkey, node.note(), *leaves)

    assert judged(moved, raw) == "inclusion"


def test_two_logs_of_one_size_are_not_split(moved):
    old, new = moved.nodes
    while new.size < old.size:
        new.cover()
    assert new.size == old.size

    for node in moved.nodes:
        raw = fraud.split(node.log.vkey, old.note(), new.note())
        assert judged(moved, raw) == "log-unknown"


def test_a_young_log_is_no_rollback_of_the_one_before(moved):
    old, new = moved.nodes
    signed = old.note(at=old.now)
    late = replace(read_head(moved.head(1), [STATEMENTS.vkey]), at=old.now + 9999)
    head = told(head_note(late, STATEMENTS))
    assert new.size < old.size

    raw = fraud.rollback(old.log.vkey, head, WITNESS.vkey, signed)

    assert judged(moved, raw) == "no-rollback"


def test_another_log_of_the_host_is_not_a_rewritten_one(moved):
    old, new = moved.nodes
    path = fraud.explicit(2, old.size, old.read)

    for node in moved.nodes:
        raw = fraud.rewrite(node.log.vkey, new.note(2), old.note(), path)
        assert judged(moved, raw) == "log-unknown"
