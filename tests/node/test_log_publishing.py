from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from governance.intake import Identity
from ledger import checkpoint, tree
from node import log
from node.log import guard, names
from node.models.accounts import Account
from node.models.log import LedgerCheckpoint
from node.models.people import Person
from tests.support.cast import moot_on
from tests.support.logs import inside, leaves_served, published, queued, root_of, seal

PATIENCE = 30
SMALL_COVER = 8


def publish(moot, node=None, **later):
    moot.village.pass_time(**(later or {"minutes": 1}))
    return log.publish(node or moot.node, at=moot.node.now())


def rows(node):
    with node.read() as tx:
        found = select(LedgerCheckpoint).order_by(LedgerCheckpoint.size)
        return tx.scalars(found).all()


def covered_by(moot, cover):
    settings = replace(moot.node.settings, ledger_cover=cover)
    return moot.village.open(settings)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([1, 2, 8, 16]),
    st.lists(st.integers(0, 9), min_size=1, max_size=6),
)
def test_the_published_size_is_a_multiple_of_the_cover_and_never_beyond(cover, sealed):
    with TemporaryDirectory() as home, moot_on("", Path(home)) as moot:
        node, made = covered_by(moot, cover), moot.tell()
        for number in sealed:
            with node.begin(sealed=True) as tx:
                for _ in range(number):
                    seal(node, tx, made.case_id)
            waiting = inside(node).size + queued(node)
            size = publish(moot, node)
            if size is not None:
                assert size % cover == 0
                assert size - cover < max(waiting, 1) <= size
                assert published(node).size == size == inside(node).size


def test_cover_leaves_look_like_sealed_ones_and_belong_to_nobody(moot):
    publish(moot)
    size = published(moot.node).size
    moot.tell()
    publish(moot)

    found = inside(moot.node)
    fresh = list(zip(found.oids, found.leaves, strict=True))[size:]
    covers = [leaf for oid, leaf in fresh if oid is None]

    assert covers
    assert {(len(leaf), leaf[0]) for _, leaf in fresh} == {(49, 1)}
    assert len(set(covers)) == len(covers)


def test_what_is_published_is_signed_and_reproduced_by_what_is_served(moot):
    for _ in range(3):
        moot.tell()
        publish(moot)
        head = published(moot.node)

        leaves = leaves_served(moot.node, head.size)
        assert head.root == root_of(leaves)
        assert leaves == inside(moot.node).leaves[: head.size]


def test_nothing_new_is_not_published_again(moot):
    moot.tell()
    publish(moot)
    before = rows(moot.node)

    assert publish(moot, hours=5) is None
    assert len(rows(moot.node)) == len(before)


def test_it_moves_at_most_once_an_interval(moot):
    moot.tell()
    first = publish(moot)
    moot.tell()
    early = publish(moot, seconds=58)
    late = publish(moot, seconds=2)

    assert (bool(first), early, bool(late)) == (True, None, True)


def test_whoever_publishes_at_once_publishes_once(moot):
    moot.tell()
    nodes = [moot.node, moot.village.open(moot.node.settings)]
    moot.village.pass_time(minutes=2)
    before = len(rows(moot.node))

    with ThreadPoolExecutor(4) as crowd:
        sizes = list(
            crowd.map(
                lambda one: log.publish(nodes[one % 2], at=moot.node.now()), range(6)
            )
        )

    assert len([size for size in sizes if size]) == 1
    assert len(rows(moot.node)) == before + 1


def test_who_looked_too_early_looks_again_before_publishing(moot):
    moot.tell()
    moot.village.pass_time(minutes=2)
    quicker = moot.village.open(moot.node.settings)
    taken = []

    def be_quicker(*_):
        if not taken:
            taken.append(None)
            with ThreadPoolExecutor(1) as elsewhere:
                taken[0] = elsewhere.submit(
                    log.publish, quicker, at=moot.node.now()
                ).result(PATIENCE)
                elsewhere.submit(moot.tell).result(PATIENCE)

    # Between the look and the turn: when the reader lets go of its connection.
    event.listen(moot.node.database.engine, "checkin", be_quicker)

    assert log.publish(moot.node, at=moot.node.now()) is None
    assert taken[0]


def test_checkpoints_only_grow_and_each_goes_on_from_the_one_before(moot):
    for _ in range(4):
        moot.tell()
        publish(moot)

    kept = rows(moot.node)
    leaves = inside(moot.node).leaves
    vkey = names.log_signer(moot.node).vkey

    assert [one.size for one in kept] == sorted({one.size for one in kept})
    for one in kept:
        signed = checkpoint.open(one.note, [vkey])
        assert (signed.size, signed.root) == (one.size, one.root)
        assert one.root == root_of(leaves[: one.size])


def test_a_head_between_two_publications_is_known_to_nobody(moot):
    publish(moot)
    before = log.checkpoint(moot.node)
    moot.tell()
    log.sequence(moot.node)

    assert inside(moot.node).size > published(moot.node).size
    assert log.checkpoint(moot.node) == before


def test_each_publication_is_remembered_outside_the_database(moot):
    moot.tell()
    size = publish(moot)

    mark = guard.read(guard.path(moot.node))

    assert (mark.size, mark.root) == (size, published(moot.node).root)


def test_a_head_that_needs_no_cover_is_remembered_as_well(moot):
    node = covered_by(moot, 1)
    moot.tell()
    log.sequence(node)
    guard.path(node).unlink()

    size = publish(moot, node)

    assert guard.read(guard.path(node)).size == size == inside(node).size


def test_the_first_publication_needs_no_waiting(tmp_path):
    with moot_on("", tmp_path) as moot:
        assert rows(moot.node)[0].size == SMALL_COVER


def members(moot, number, **account):
    now = moot.node.now()
    people = [uuid4() for _ in range(number)]
    person = {"language": "en", "identity": Identity.UNVERIFIED, "created_at": now}
    with moot.node.begin() as tx:
        tx.add_all(Person(id=one, **person) for one in people)
        tx.flush()
        tx.add_all(
            Account(id=uuid4(), person_id=one, created_at=now, **account)
            for one in people
        )


def covers(moot):
    size = inside(moot.node).size
    moot.tell()
    publish(moot)
    return [oid for oid in inside(moot.node).oids[size:] if oid is None]


def test_a_large_community_needs_no_cover_and_one_that_shrinks_does_again(moot):
    with moot.node.read() as tx:
        there = tx.query(Account).count()
    members(moot, 50 - there)
    members(moot, 3, closed_at=moot.node.now())
    small = [covers(moot) for _ in range(8)]
    members(moot, 1)
    large = [covers(moot) for _ in range(8)]
    with moot.node.begin() as tx:
        tx.query(Account).update({"closed_at": moot.node.now()})

    assert any(small)
    assert not any(large)
    assert any(covers(moot) for _ in range(8))


def test_before_anything_is_published_there_is_nothing_to_see(either):
    ash = either.build("https://ash.example")

    with pytest.raises(log.NotPublished):
        log.checkpoint(ash)
    assert log.status(ash).size == 0
    assert log.status(ash).root == log.reading.b64(tree.EMPTY)
    assert log.checkpoints(ash) == []


def test_checkpoints_can_be_listed_newest_first_and_from_any_on(moot):
    for _ in range(3):
        moot.tell()
        publish(moot)
    kept = [one.note for one in reversed(rows(moot.node))]

    assert log.checkpoints(moot.node) == kept
    assert log.checkpoints(moot.node, before=rows(moot.node)[-1].size) == kept[1:]


def test_the_moment_of_a_publication_is_the_one_that_was_said(moot):
    moot.tell()
    at = moot.node.now() + timedelta(hours=1)

    log.publish(moot.node, at=at)

    assert log.status(moot.node).published_at == at
