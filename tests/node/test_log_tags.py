from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ledger.entry import Sealed, read_leaf
from node import log, work
from node.log import NotPublished
from node.log.tags import PrefixTooLong, longest
from node.models.log import LedgerOutbox, LedgerTag
from tests.support.logs import grow, inside, published

RECORD = 24
SHORT = 64


def records(raw):
    assert len(raw) % RECORD == 0
    cut = [raw[at : at + RECORD] for at in range(0, len(raw), RECORD)]
    return [(one[:16], int.from_bytes(one[16:])) for one in cut]


def tags_of(leaves):
    found = [(read_leaf(leaf), at) for at, leaf in enumerate(leaves)]
    return [(leaf.tag, at) for leaf, at in found if isinstance(leaf, Sealed)]


def kept(node):
    with node.read() as tx:
        return [
            tuple(row)
            for row in tx.execute(
                select(LedgerTag.tag, LedgerTag.idx).order_by(LedgerTag.idx)
            )
        ]


def test_every_published_tag_is_known_and_no_other(moot):
    grow(moot.village, moot.node, 300)
    grow(moot.village, moot.node, 20)
    moot.tell()
    log.sequence(moot.node)
    found = inside(moot.node)
    size = published(moot.node).size

    assert found.size > size
    assert kept(moot.node) == tags_of(found.leaves[:size])


def test_sixteen_beginnings_hold_every_tag_once_in_the_order_of_the_log(moot):
    size = grow(moot.village, moot.node, 500)

    found = [log.look_up(moot.node, f"{digit:x}") for digit in range(16)]

    assert {one.size for one in found} == {size}
    for digit, one in enumerate(found):
        buckets = records(one.records)
        assert buckets == sorted(buckets, key=lambda record: record[1])
        assert {tag[0] >> 4 for tag, _ in buckets} <= {digit}
    every = [record for one in found for record in records(one.records)]
    assert sorted(every) == sorted(kept(moot.node))


def test_a_smaller_log_is_looked_up_as_it_was(moot):
    before = grow(moot.village, moot.node, 100)
    then = [log.look_up(moot.node, f"{digit:x}") for digit in range(16)]
    grow(moot.village, moot.node, 100)

    now = [log.look_up(moot.node, f"{digit:x}", before) for digit in range(16)]

    assert now == then


@given(st.integers(1, 2**40))
def test_whatever_may_be_asked_for_hides_among_256_or_is_one_digit(size):
    digits = longest(size)

    assert digits == 1 or size // 16**digits >= 256
    assert size // 16 ** (digits + 1) < 256


@pytest.mark.parametrize(
    ("size", "digits"), [(1, 1), (65_535, 1), (65_536, 2), (1 << 20, 3)]
)
def test_the_longest_beginning_grows_with_the_log(size, digits):
    assert longest(size) == digits


def test_a_beginning_that_would_tell_too_much_is_refused_with_what_may_be_asked(moot):
    grow(moot.village, moot.node, SHORT)

    with pytest.raises(PrefixTooLong, match="at most 1 digits"):
        log.look_up(moot.node, "ab")


def test_nothing_beyond_the_published_size_is_looked_up(moot):
    size = grow(moot.village, moot.node, SHORT)

    for asked in (0, size + 1, 2**62):
        with pytest.raises(NotPublished):
            log.look_up(moot.node, "a", asked)


def test_a_log_that_an_older_program_published_is_filled_in_at_the_next_size(moot):
    grow(moot.village, moot.node, SHORT)
    with moot.node.begin() as tx:
        tx.query(LedgerTag).delete()

    size = grow(moot.village, moot.node, 8)

    assert kept(moot.node) == tags_of(inside(moot.node).leaves[:size])


def queue(node, *leaves):
    with node.begin(sealed=True) as tx:
        tx.add_all(LedgerOutbox(leaf=leaf) for leaf in leaves)


def test_two_entries_with_one_tag_are_never_published_and_somebody_is_told(moot):
    size = grow(moot.village, moot.node, 8)
    tag = b"\1" + bytes(16)
    queue(moot.node, tag + b"a" * 32, tag + b"b" * 32)
    moot.village.pass_time(minutes=2)

    assert log.publish(moot.node, at=moot.node.now()) is None
    assert published(moot.node).size == size
    assert kept(moot.node) == tags_of(inside(moot.node).leaves[:size])
    assert not work.health(moot.node).ledger
    assert "ledger.twin" in log.unwell(moot.node)
    assert not log.read_only(moot.node)


def test_a_tag_of_an_older_entry_stands_in_the_way_as_well(moot):
    grow(moot.village, moot.node, 8)
    again = inside(moot.node).leaves[1]
    queue(moot.node, again)
    moot.village.pass_time(minutes=2)
    nodes = [moot.node, moot.village.open(replace(moot.node.settings))]

    assert [log.publish(one, at=one.now()) for one in nodes] == [None, None]


def test_a_process_that_found_a_twin_tries_no_more(moot):
    queue(moot.node, *[b"\1" + bytes(48)] * 2)
    moot.village.pass_time(minutes=2)
    log.publish(moot.node, at=moot.node.now())
    before = inside(moot.node).size

    assert log.publish(moot.node, at=moot.node.now()) is None
    assert inside(moot.node).size == before
