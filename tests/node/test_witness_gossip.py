from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from federation.fetch import Answer
from ledger import checkpoint, fraud, note, policy, receipt, tiles
from ledger import witness as decisions
from node import log, witness, work
from node.log import names
from node.models.witness import WitnessEvidence, WitnessLog
from tests.support.histories import FALSE, TRUE, Log

ELM = Log()
URL = "https://elm.example"
TEXT = {"content-type": "text/plain; charset=utf-8"}
OCTETS = {"content-type": "application/octet-stream"}


class Watch:
    """Ash, who looks at what Elm shows to everybody."""

    def __init__(self, village):
        self.village, self.roads = village, village.roads
        self.ash = village.found("https://ash.example")
        self.shelf = village.roads.stubs[URL] = {}

    def show(self, size, leaves=TRUE, shelf=TRUE):
        """Let Elm show a size, with the tiles of a history."""
        self.shelf["/ledger/checkpoint"] = Answer(200, TEXT, ELM.signed(size, leaves))
        for level, n in ((0, 0), (0, 1), (0, 2), (1, 0)):
            width = tiles.width(level, n, size)
            if width:
                row = ELM.tile(level, n, shelf[:size])[: width * 32]
                path = f"/ledger/{tiles.path(level, n, width)}"
                self.shelf[path] = Answer(200, OCTETS, row)

    def look(self):
        """Look at Elm, and return what was asked for."""
        self.roads.carried.clear()
        assert witness.run(self.ash, f"look/{ELM.origin}")
        return [url.removeprefix(f"{URL}/ledger/") for _, url, _ in self.roads.carried]

    def due(self):
        """Return what is due, but for copies: Elm shows no entries."""
        found = witness.due(self.ash)
        return [one for one in found if not one.startswith("mirror/")]

    def held(self):
        with self.ash.read() as tx:
            return tx.get_one(WitnessLog, ELM.origin)

    def evidence(self):
        with self.ash.read() as tx:
            return tx.scalars(select(WitnessEvidence)).all()


@pytest.fixture
def watch(village):
    watch = Watch(village)
    witness.add(watch.ash, ELM.vkey)
    return watch


@pytest.fixture
def watch_on(either):
    """The same on SQLite, and again on PostgreSQL."""
    watch = Watch(either)
    witness.add(watch.ash, ELM.vkey)
    return watch


def holds(file):
    trusted = policy.Policy(logs=(ELM.signer.vkey,))
    return fraud.judge(file, trusted, receipt.Pins()).holds


def test_what_a_log_shows_is_cosigned_and_remembered(watch_on):
    watch_on.show(20)
    work.sweep(watch_on.ash)
    assert watch_on.held().size == 20

    watch_on.show(300)
    assert watch_on.due() == []
    watch_on.village.pass_time(minutes=10)
    work.sweep(watch_on.ash)

    assert (watch_on.held().size, watch_on.held().root) == (300, ELM.root(300))
    kept = witness.latest(watch_on.ash, sha256(ELM.origin.encode()).hexdigest())
    assert checkpoint.open(kept, [ELM.signer.vkey]).size == 300
    assert note.parse(kept).lines[-1].by(names.witness_signer(watch_on.ash).vkey)


def test_the_proof_costs_a_few_tiles_and_each_is_read_once(watch):
    watch.show(257)
    watch.look()
    watch.show(600)

    asked = watch.look()

    assert asked[0] == "checkpoint"
    assert len(asked) == len(set(asked)) <= 5
    assert watch.held().size == 600


@pytest.mark.parametrize("size", [19, 20])
def test_what_is_known_already_changes_nothing(watch, size):
    watch.show(20)
    watch.look()
    before = watch.held().note
    watch.village.pass_time(minutes=10)
    watch.show(size)

    assert watch.look() == ["checkpoint"]

    assert (watch.held().size, watch.held().note) == (20, before)
    assert watch.evidence() == []


def test_an_empty_log_grows_without_a_proof(watch):
    watch.show(0)
    watch.look()
    watch.show(20)

    assert watch.look() == ["checkpoint"]
    assert watch.held().size == 20


def test_a_split_view_is_kept_as_proof_and_told_to_the_stewards(watch_on):
    watch = watch_on
    watch.show(20)
    watch.look()
    watch.show(20, FALSE)

    watch.look()

    [kept] = watch.evidence()
    assert kept.reason == "split"
    assert kept.held == watch.held().note
    assert kept.body.endswith(ELM.signed(20, FALSE))
    assert holds(fraud.split(ELM.signer.vkey, kept.held, ELM.signed(20, FALSE)))
    watch.village.pass_time(hours=1)
    assert watch.due() == []
    watch.village.work(watch.ash)
    [(to, mail)] = watch.village.mails
    assert (to, ELM.origin in mail.get_content()) == ("dov@ash.example", True)
    assert [one.problem for one in witness.listed(watch.ash)] == ["caught"]


def test_a_log_that_tells_partners_another_story_is_caught_by_comparing(watch):
    assert witness.add_checkpoint(watch.ash, ELM.asks(0, 20)).status == 200
    watch.show(20, FALSE, FALSE)

    watch.look()

    assert [kept.reason for kept in watch.evidence()] == ["split"]
    assert witness.add_checkpoint(watch.ash, ELM.asks(20, 30)).status == 404


@pytest.mark.parametrize("held", [8, 16, 20, 256])
def test_a_rewritten_beginning_is_kept_as_proof(watch, held):
    watch.show(held)
    watch.look()
    watch.show(500, FALSE, FALSE)

    watch.look()

    [kept] = watch.evidence()
    assert kept.reason == "rewrite"
    assert watch.held().size == held
    asked = decisions.read(kept.body)
    shown = note.join(asked.found.text, asked.found.lines)
    assert holds(fraud.rewrite(ELM.signer.vkey, kept.held, shown, asked.proof))


@pytest.mark.parametrize("held", [8, 16, 20, 256])
def test_tiles_that_are_wrong_accuse_nobody(watch, held):
    watch.show(held)
    watch.look()
    watch.show(500, TRUE, FALSE)

    watch.look()

    assert watch.evidence() == []
    assert (watch.held().size, watch.held().problem) == (held, "tiles")
    watch.show(500)
    watch.look()
    assert (watch.held().size, watch.held().problem) == (500, "")


FAULTS = {
    "absent": (None, "egress.status"),
    "a page": (Answer(200, {"content-type": "text/html"}, b""), "egress.type"),
    "no note": (Answer(200, TEXT, b"hello"), "note-malformed"),
    "by nobody we know": (
        Answer(200, TEXT, Log(seed=9).signed(20)), "log-unknown",
    ),
    "of another log": (
        Answer(200, TEXT, Log("fir.example/ledger").signed(20)), "log-unknown",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_checkpoint_of_the_log_is_looked_at_again_later(watch, fault):
    shown, problem = FAULTS[fault]
    if shown:
        watch.shelf["/ledger/checkpoint"] = shown

    watch.look()

    assert (watch.held().problem, watch.held().size) == (problem, None)
    assert watch.held().next_at == watch.village.now + timedelta(seconds=5)
    watch.village.pass_time(seconds=5)
    watch.show(20)
    work.sweep(watch.ash)
    assert (watch.held().problem, watch.held().size) == ("", 20)


def test_a_tile_that_is_missing_or_short_is_named(watch):
    watch.show(20)
    watch.look()
    watch.show(200)
    path = f"/ledger/{tiles.path(0, 0, 200)}"
    del watch.shelf[path]
    watch.look()
    assert watch.held().problem == "egress.status"

    watch.shelf[path] = Answer(200, OCTETS, b"a" * 40)
    watch.look()
    assert (watch.held().problem, watch.held().size) == ("tile-short", 20)


def test_a_log_that_answers_slowly_is_given_up_in_time(watch):
    watch.show(20)
    watch.look()
    watch.show(600)
    watch.roads.linger = lambda _: watch.village.pass_time(seconds=9)

    asked = watch.look()

    assert watch.held().problem == "egress.slow"
    assert len(asked) <= 4


def test_one_looks_at_a_time(watch):
    watch.show(20)
    other = watch.village.open(watch.ash.settings)
    found = []
    watch.roads.linger = lambda _: found.append(
        witness.run(other, f"look/{ELM.origin}")
    )

    watch.look()

    assert found == [False]


def test_nodes_compare_each_other_through_their_own_doors(village):
    ash, birch = (village.found(f"https://{name}.example") for name in ("ash", "birch"))
    for node in (ash, birch):
        village.roads.lead_to(node)
    witness.add(ash, str(names.log_signer(birch).vkey))

    work.sweep(ash)

    [known] = witness.listed(ash)
    assert (known.size, known.problem) == (log.status(birch).size, "")
