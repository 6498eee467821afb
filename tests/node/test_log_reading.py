import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import entry, policy, tiles, tree
from ledger.note import VKey
from node import log
from node.log import NotPublished
from tests.support import logs
from tests.support.cast import moot_on
from tests.support.engines import ENGINES, server_of
from tests.support.logs import (
    inside,
    is_served,
    leaves_served,
    published,
    receipts,
    root_of,
    served,
)


def grow(moot, number):
    return logs.grow(moot.village, moot.node, number)


@pytest.fixture(scope="module", params=ENGINES)
def large(request, tmp_path_factory):
    """A log of more than two full tiles, with more in it than is published."""
    server, home = server_of(request), tmp_path_factory.mktemp("log")
    with moot_on(server, home) as moot:
        for number in (250, 300, 80):
            grow(moot, number)
        moot.tell()
        log.sequence(moot.node)
        yield moot


def test_the_tiles_that_are_served_reproduce_the_root(large):
    head = published(large.node)
    proof = tiles.consistency(
        256, head.size, lambda level, n: served(large.node, level, n, head.size)
    )
    old = tree.fold(served(large.node, 0, 0, head.size))

    tree.verify_consistency(256, head.size, old, head.root, proof)


def test_the_bundles_that_are_served_reproduce_tiles_and_root(large):
    head = published(large.node)
    leaves = leaves_served(large.node, head.size)

    assert root_of(leaves) == head.root
    for n in range(-(-head.size // tiles.FULL)):
        own = leaves[n * tiles.FULL : (n + 1) * tiles.FULL]
        hashes = b"".join(map(tree.leaf_hash, own))
        assert served(large.node, 0, n, head.size) == hashes


def test_every_tile_of_every_level_is_the_fold_of_the_level_below(large):
    size = published(large.node).size

    roots = [
        tree.fold(served(large.node, 0, n, size)) for n in range(size // tiles.FULL)
    ]

    assert served(large.node, 1, 0, size) == b"".join(roots)


@given(size=st.integers(1, 10_000), level=st.integers(-1, 2), n=st.integers(0, 3))
def test_exactly_what_the_published_size_has_is_served(large, size, level, n):
    wide = tiles.width(level, n, published(large.node).size)
    asked = 1 + size % tiles.FULL

    has_it = asked <= wide and (asked == tiles.FULL or wide < tiles.FULL)

    assert is_served(large.node, tiles.path(level, n, asked)) is has_it


def test_what_lies_beyond_the_published_size_is_served_to_nobody(large):
    published_size, size = published(large.node).size, inside(large.node).size
    beyond = tiles.needed(published_size, size)

    assert size > published_size
    assert beyond
    for path in beyond:
        assert not is_served(large.node, path)
        assert not is_served(large.node, path.replace("tile/0/", "tile/entries/"))
    with pytest.raises(NotPublished):
        log.entry(large.node, published_size)


@pytest.mark.parametrize(
    "path",
    [
        "", "tile", "tile/0/000/", "tile/0/0", "tile/00/000", "tile/64/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/1/..", "tile/0/-01",
        "tile/entries/x000/000", "../folkmoot.sqlite3", "tile/0/999", "tile/8/000",
    ],
)  # fmt: skip
def test_what_is_no_tile_of_the_log_is_not_there(large, path):
    assert not is_served(large.node, path)


def test_an_older_partial_tile_is_served_until_it_is_full(moot):
    grow(moot, 8)
    old = published(moot.node).size
    path = tiles.path(0, 0, old)
    before = log.tile(moot.node, path)

    grow(moot, 8)
    later = log.tile(moot.node, path)
    grow(moot, 256)

    assert later == before
    assert not is_served(moot.node, path)
    assert log.tile(moot.node, tiles.path(0, 0))[: len(before)] == before


def test_genesis_says_which_keys_speak_for_the_node(moot):
    shown = log.entry(moot.node, 0)
    found = entry.read_leaf(bytes.fromhex(shown.leaf))
    keys = log.keys(moot.node)

    assert json.loads(shown.clear) == json.loads(bytes.fromhex(shown.leaf)[1:])
    assert (found.kind, found.log, found.seq) == ("genesis", "ash.example/ledger", 0)
    assert found.body["keys"] == keys["log"]
    assert found.body["statements"] == keys["statements"]
    assert found.body["witness"] == keys["witness"]
    assert found.body["rp"] == ["ash.example"]


def test_a_sealed_entry_is_shown_as_bytes_and_nothing_else(moot):
    moot.tell()
    size = grow(moot, 0)

    shown = [log.entry(moot.node, index) for index in range(size)]

    leaves = inside(moot.node).leaves
    assert [bytes.fromhex(one.leaf) for one in shown] == leaves
    assert [one.clear is None for one in shown] == [leaf[0] == 1 for leaf in leaves]
    assert {one.size for one in shown} == {size}
    hashes = [tree.leaf_hash(leaf).hex() for leaf in leaves]
    assert [one.hash for one in shown] == hashes


@pytest.mark.parametrize("index", [-1, 10**6, 2**63])
def test_an_entry_that_is_not_there_is_not_published(moot, index):
    with pytest.raises(NotPublished):
        log.entry(moot.node, index)


def test_the_status_is_what_people_compare(moot):
    moot.tell()
    size = grow(moot, 0)

    found = log.status(moot.node)

    assert (found.origin, found.size) == ("ash.example/ledger", size)
    assert found.root == log.reading.b64(published(moot.node).root)
    assert found.published_at == moot.node.now()
    assert [found.vkey] == log.keys(moot.node)["log"]


def test_the_policy_it_suggests_is_one_and_names_its_own_key(moot):
    found = policy.parse(log.policy(moot.node).encode())

    assert [str(one) for one in found.logs] == log.keys(moot.node)["log"]
    assert policy.evaluate(found, set())


def test_the_three_keys_differ(moot):
    found = log.keys(moot.node)
    keys = [VKey.parse(one) for one in (*found["log"], found["statements"])]

    assert len({one.key for one in keys}) == 2
    assert found["witness"] not in {*found["log"], found["statements"]}


def test_a_receipt_can_be_checked_by_whoever_brings_it(moot):
    made = moot.tell()
    log.sequence(moot.node)
    raw = receipts(moot.node)[made.reference, 0]

    assert log.check(moot.node, raw).valid
    assert not log.check(moot.node, raw.replace(b"index ", b"index 1")).valid
    assert not log.check(moot.node, b"not a receipt").valid


def test_seals_are_printed_beside_what_is_in_the_log(moot):
    made = moot.tell()
    with moot.node.read() as tx:
        before = log.seals(tx, made.case_id)
    sealed = log.wait(moot.node, made.ticket)

    with moot.node.read() as tx:
        after = log.seals(tx, made.case_id)

    assert before == {}
    assert sorted(after) == list(range(len(after)))
    assert after[made.ticket.seq] == sealed.seal
