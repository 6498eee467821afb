"""Anchors: once a day our log says how far the logs had come that we cosign."""

import pytest
from sqlalchemy import select, update

from ledger import checkpoint, entry
from node import log, witness, work
from node.models.log import LedgerEntry
from node.models.witness import WitnessLog
from tests.support.histories import Log
from tests.support.village import MONDAY

ELM = Log()


@pytest.fixture
def ash(either):
    node = either.found("https://ash.example")
    witness.begin_anchors(node)
    return node


def anchors(node):
    log.sequence(node)
    with node.read() as tx:
        leaves = tx.scalars(select(LedgerEntry.leaf).order_by(LedgerEntry.idx)).all()
    read = [entry.read_leaf(leaf) for leaf in leaves]
    return [
        one.body
        for one in read
        if isinstance(one, entry.Clear) and one.kind == "anchor"
    ]


def cosign(ash, size):
    witness.add(ash, ELM.vkey)
    witness.add_checkpoint(ash, ELM.asks(0, size))


def midnight(either, ash, days=1):
    either.now = either.now.replace(hour=0, minute=1)
    either.pass_time(days=days)
    work.sweep(ash)


def test_each_day_has_one_anchor_with_the_newest_notes(either, ash):
    cosign(ash, 20)
    assert anchors(ash) == []

    midnight(either, ash)
    work.sweep(ash)
    witness.anchor(ash, MONDAY.date().isoformat())

    (body,) = anchors(ash)
    assert body["token"] is None
    (note,) = body["notes"]
    found = checkpoint.open(note.encode(), [ELM.signer.vkey])
    assert (found.origin, found.size) == (ELM.origin, 20)


def test_the_next_day_has_the_next_one_and_days_away_have_none(either, ash):
    cosign(ash, 20)
    midnight(either, ash)
    midnight(either, ash)
    midnight(either, ash, days=9)
    work.sweep(ash)

    assert len(anchors(ash)) == 3


def test_who_cosigned_nothing_writes_nothing(either, ash):
    witness.add(ash, ELM.vkey)

    midnight(either, ash)

    assert anchors(ash) == []


def test_a_log_that_was_caught_is_left_out(either, ash):
    cosign(ash, 20)
    with ash.begin() as tx:
        tx.execute(update(WitnessLog).values(caught_at=ash.now()))

    midnight(either, ash)

    assert anchors(ash) == []


def test_an_anchor_has_at_most_sixteen_notes_and_fits_into_a_leaf(either, ash):
    with ash.begin() as tx:
        tx.add_all(
            WitnessLog(
                origin=f"n{number:02}.example/ledger", vkeys="", size=1, root=b"",
                note=b"x" * (200 if number else 9_000), next_at=MONDAY,
                url=f"https://n{number:02}.example",
                tries=0, problem="",
            )
            for number in range(40)
        )  # fmt: skip

    midnight(either, ash)

    (body,) = anchors(ash)
    # The first is too long for any leaf; the others are as many as one tells of.
    assert len(body["notes"]) == 15
