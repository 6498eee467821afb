from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from federation.fetch import Answer
from ledger import checkpoint, note, tiles, tree
from ledger.encoding import u64
from node import log, witness, work
from node.log import NotPublished, names
from node.log.tags import PrefixTooLong
from node.models.witness import Mirror, MirrorTag, MirrorTile
from node.witness import mirror as mirroring
from tests.support.histories import FALSE, Shelf, octets
from tests.support.logs import grow, leaves_served, published

ELM = Shelf(1_400)
URL = "https://elm.example"
DIGEST = sha256(ELM.origin.encode()).hexdigest()


class Watch:
    """Ash, who mirrors the log of Elm."""

    def __init__(self, village):
        self.village, self.roads = village, village.roads
        self.ash = village.found("https://ash.example")
        self.shelf = village.roads.stubs[URL] = {}
        witness.add(self.ash, ELM.vkey)

    def cosign(self, old, size):
        """Let Elm grow and have it cosigned, as any feeder would."""
        ELM.show(self.shelf, size)
        body = ELM.asks(old, size, ELM.hashes)
        assert witness.add_checkpoint(self.ash, body).status == 200

    def pull(self, node=None):
        """Mirror once; return what was asked for."""
        self.roads.carried.clear()
        assert witness.run(node or self.ash, f"mirror/{ELM.origin}")
        return [url.removeprefix(f"{URL}/ledger/") for _, url, _ in self.roads.carried]

    def held(self):
        with self.ash.read() as tx:
            return tx.get_one(Mirror, ELM.origin)

    def rows(self, model):
        with self.ash.read() as tx:
            return tx.scalar(select(func.count()).select_from(model))

    def leaves(self, size):
        """Return what the mirror shows of a size."""
        found = []
        for n in range(-(-size // 256)):
            path = tiles.path(tiles.ENTRIES, n, tiles.width(tiles.ENTRIES, n, size))
            found += tiles.unbundle(witness.mirrored_tile(self.ash, DIGEST, path))
        return tuple(found)


@pytest.fixture
def watch(village):
    return Watch(village)


@pytest.fixture
def watch_on(either):
    """The same on SQLite, and again on PostgreSQL."""
    return Watch(either)


def small_steps(monkeypatch, bundles):
    """Let a visit bring only so many bundles."""
    monkeypatch.setattr(mirroring, "_STEP", bundles * 256 * 51)


def test_what_is_cosigned_is_pulled_by_the_worker_and_shown(watch_on):
    watch_on.cosign(0, 700)

    work.sweep(watch_on.ash)

    assert watch_on.leaves(700) == ELM.all[:700]
    shown = witness.mirrored_checkpoint(watch_on.ash, DIGEST)
    assert checkpoint.open(shown, [ELM.signer.vkey]).size == 700
    assert note.parse(shown).lines[-1].by(names.witness_signer(watch_on.ash).vkey)
    assert f"mirror/{ELM.origin}" not in witness.due(watch_on.ash)


def test_only_what_is_new_is_pulled(watch_on):
    watch_on.cosign(0, 700)
    watch_on.pull()
    watch_on.cosign(700, 1_300)

    asked = watch_on.pull()

    assert asked == [
        "tile/entries/002", "tile/entries/003", "tile/entries/004",
        "tile/entries/005.p/20",
    ]  # fmt: skip
    assert watch_on.leaves(1_300) == ELM.all[:1_300]
    assert watch_on.held().weight == 1_300 * 51


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, 1_000])
def test_the_tiles_of_a_copy_are_those_of_the_log(watch, size):
    watch.cosign(0, size)
    watch.pull()

    def read(level, n):
        path = tiles.path(level, n, tiles.width(level, n, size))
        return witness.mirrored_tile(watch.ash, DIGEST, path)

    assert tiles.root(size, read) == ELM.root(size, ELM.hashes)
    for level, n in ((0, 0), (1, 0)):
        if width := tiles.width(level, n, size):
            assert read(level, n)[:width] == ELM.tile(level, n, ELM.hashes)[:width]


def test_a_long_log_is_pulled_in_turns_and_shown_once_it_is_whole(
    watch_on, monkeypatch
):
    small_steps(monkeypatch, 2)
    watch_on.cosign(0, 1_400)

    fetched = []
    while watch_on.held().size < 1_400:
        watch_on.pull()
        fetched.append(watch_on.held().fetched)
        if fetched[-1] < 1_400:
            with pytest.raises(NotPublished):
                witness.mirrored_checkpoint(watch_on.ash, DIGEST)

    assert fetched == [512, 1_024, 1_400]
    assert watch_on.leaves(1_400) == ELM.all[:1_400]


def test_a_log_that_grows_meanwhile_is_followed(watch, monkeypatch):
    watch.cosign(0, 700)
    watch.pull()
    small_steps(monkeypatch, 1)
    watch.cosign(700, 1_200)
    watch.pull()
    assert (watch.held().size, watch.held().fetched) == (700, 1_024)
    assert watch.leaves(700) == ELM.all[:700]
    watch.cosign(1_200, 1_400)
    for _ in range(2):
        watch.pull()

    assert watch.leaves(1_400) == ELM.all[:1_400]


def test_a_partial_bundle_that_is_gone_is_read_from_the_full_one(watch):
    watch.cosign(0, 300)
    del watch.shelf["/ledger/tile/entries/001.p/44"]
    watch.shelf["/ledger/tile/entries/001"] = octets(tiles.bundle(ELM.all[256:512]))

    assert watch.pull()[-2:] == ["tile/entries/001.p/44", "tile/entries/001"]

    assert watch.leaves(300) == ELM.all[:300]


def spoil(watch, size, at):
    """Let Elm show another leaf than it signed."""
    leaves = [*ELM.all[:size]]
    leaves[at] = ELM.all[-1]
    for n in range(-(-size // 256)):
        path = tiles.path(tiles.ENTRIES, n, tiles.width(tiles.ENTRIES, n, size))
        raw = tiles.bundle(leaves[n * 256 : (n + 1) * 256])
        watch.shelf[f"/ledger/{path}"] = octets(raw)


@pytest.mark.parametrize("at", [0, 690, 700, 1_299])
def test_what_does_not_give_the_signed_root_is_thrown_away(watch_on, monkeypatch, at):
    watch_on.cosign(0, 700)
    watch_on.pull()
    small_steps(monkeypatch, 2)
    watch_on.cosign(700, 1_300)
    spoil(watch_on, 1_300, at)

    while watch_on.held().problem == "" and watch_on.held().size == 700:
        watch_on.pull()

    if at == 0:  # what was checked is never asked for again
        assert watch_on.leaves(1_300) == ELM.all[:1_300]
        return
    held = watch_on.held()
    assert (held.problem, held.size, held.fetched) == ("tiles", 700, 700)
    assert watch_on.leaves(700) == ELM.all[:700]
    assert watch_on.rows(MirrorTag) == 700
    assert held.next_at > watch_on.village.now
    ELM.show(watch_on.shelf, 1_300)
    while watch_on.held().size == 700:
        watch_on.pull()
    assert watch_on.leaves(1_300) == ELM.all[:1_300]
    assert watch_on.rows(MirrorTile) == 6 + 6 + 1


FAULTS = {
    "absent": (None, "egress.status"),
    "a page": (Answer(200, {"content-type": "text/html"}, b""), "egress.type"),
    "no bundle": (octets(b"\0"), "bundle"),
    "too short": (octets(tiles.bundle(ELM.all[:19])), "bundle"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_bundle_is_tried_again_later(watch, fault):
    answer, problem = FAULTS[fault]
    watch.cosign(0, 20)
    path = "/ledger/tile/entries/000.p/20"
    if answer:
        watch.shelf[path] = answer
    else:
        del watch.shelf[path]

    watch.pull()

    assert (watch.held().problem, watch.held().fetched) == (problem, 0)
    assert watch.held().next_at == watch.village.now + timedelta(seconds=5)
    assert [one.problem for one in witness.listed(watch.ash)] == [problem]
    assert f"mirror/{ELM.origin}" not in witness.due(watch.ash)
    ELM.show(watch.shelf, 20)
    watch.village.pass_time(seconds=5)
    work.sweep(watch.ash)
    assert watch.leaves(20) == ELM.all[:20]


def test_a_log_that_is_slow_is_left_in_time_and_what_came_is_kept(watch):
    watch.cosign(0, 1_400)
    watch.roads.linger = lambda _: watch.village.pass_time(seconds=9)

    asked = watch.pull()

    assert watch.held().problem == "egress.slow"
    assert watch.held().fetched == 256 * (len(asked) - 1) == 768


def test_the_operator_says_how_much_is_kept_of_a_log(watch):
    watch.cosign(0, 1_400)
    bounded = watch.village.open(replace(watch.ash.settings, ledger_mirror=1))
    with watch.ash.begin() as tx:
        tx.get_one(Mirror, ELM.origin).weight = 1024 * 1024 - 14_000

    watch.pull(bounded)

    assert (watch.held().problem, watch.held().fetched) == ("mirror-full", 512)


def test_a_node_can_keep_no_copies_and_cosign_all_the_same(watch):
    watch.cosign(0, 20)
    bare = watch.village.open(replace(watch.ash.settings, ledger_mirror=0))

    work.sweep(bare)

    assert watch.held().fetched == 0
    with pytest.raises(NotPublished):
        witness.mirrored_checkpoint(bare, DIGEST)


def test_one_pulls_at_a_time(watch):
    watch.cosign(0, 20)
    other = watch.village.open(watch.ash.settings)
    found = []
    watch.roads.linger = lambda _: found.append(
        witness.run(other, f"mirror/{ELM.origin}")
    )

    watch.pull()

    assert found == [False]


def test_tags_of_a_copy_are_looked_up_as_in_the_log(watch_on):
    watch_on.cosign(0, 700)
    watch_on.pull()

    for digit in "0a":
        found = witness.mirrored_tags(watch_on.ash, DIGEST, digit)
        wanted = [
            leaf[1:17] + u64(at)
            for at, leaf in enumerate(ELM.all[:700])
            if leaf[1:17].hex().startswith(digit)
        ]
        assert (found.size, found.records) == (700, b"".join(wanted))
    older = witness.mirrored_tags(watch_on.ash, DIGEST, "0", 100)
    assert (older.size, len(older.records) < len(found.records)) == (100, True)
    with pytest.raises(PrefixTooLong):
        witness.mirrored_tags(watch_on.ash, DIGEST, "00")
    with pytest.raises(NotPublished):
        witness.mirrored_tags(watch_on.ash, DIGEST, "0", 701)


@pytest.mark.parametrize("path", ["tile/0/003", "tile/0/000.p/9", "tile/2/000", "x"])
def test_what_a_copy_does_not_have_is_refused(watch, path):
    watch.cosign(0, 700)
    watch.pull()

    with pytest.raises(NotPublished):
        witness.mirrored_tile(watch.ash, DIGEST, path)
    with pytest.raises(NotPublished):
        witness.mirrored_tile(watch.ash, "0" * 64, "tile/0/000")


def test_a_log_that_was_caught_is_still_shown_as_it_was(watch):
    watch.cosign(0, 20)
    watch.pull()
    body = ELM.asks(20, 20, FALSE)
    assert witness.add_checkpoint(watch.ash, body).status == 422
    work.sweep(watch.ash)

    assert watch.leaves(20) == ELM.all[:20]


def test_a_node_mirrors_another_through_its_own_doors(pair):
    pair.roads.lead_to(pair.ash)
    grow(pair.village, pair.ash, 600)
    pair.village.pass_time(minutes=10)
    pair.feed()

    work.sweep(pair.birch)

    size = published(pair.ash).size
    digest = sha256(names.origin(pair.ash).encode()).hexdigest()
    copied = [
        leaf
        for n in range(-(-size // 256))
        for leaf in tiles.unbundle(
            witness.mirrored_tile(
                pair.birch,
                digest,
                tiles.path(-1, n, tiles.width(-1, n, size)),
            )
        )
    ]
    assert copied == leaves_served(pair.ash, size)
    edge, _ = tree.append(tree.Edge(), map(tree.leaf_hash, copied))
    assert tree.root(edge) == published(pair.ash).root
    assert log.status(pair.ash).witnesses == 1
