"""Before anything is signed, witnesses are asked how far they saw our own log."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from federation.fetch import Answer
from governance.errors import ReadOnly
from ledger import note
from node import log, witness, work
from node.cases import view
from node.log import guard, names
from node.models.log import LedgerHead
from node.models.witness import LedgerWitness
from node.threads import Words, reply
from tests.support.histories import Log, witness_key
from tests.support.logs import inside, published
from tests.support.losing import Loss
from tests.support.witnessing import ELM, TEXT

ELMS = witness_key()


@pytest.fixture
def loss(moot):
    return Loss(moot)


def rolled_back(loss, *, guard_too=True):
    """Bring Ash to where its database is of yesterday; return the size there was."""
    loss.tell()
    loss.save()
    loss.tell()
    size = published(loss.ash).size
    loss.put_back(guard_too=guard_too)
    assert published(loss.ash).size < size
    return size


def waits(loss):
    """Return when each witness is asked again."""
    with loss.ash.read() as tx:
        return dict(tx.execute(select(LedgerWitness.vkey, LedgerWitness.ask_at)).all())


def elm_shows(loss, signed):
    """Name Elm as a witness that shows a checkpoint of Ash."""
    digest = witness.answering.digest_of(names.origin(loss.ash))
    path = f"/witness/{digest}/checkpoint"
    loss.roads.stubs[ELM] = {path: Answer(200, TEXT, signed)}
    witness.add(loss.ash, str(ELMS.vkey))


def test_a_log_that_its_witness_saw_like_this_starts(loss):
    loss.tell()

    assert loss.start() == ""
    assert set(waits(loss).values()) == {None}


@pytest.mark.parametrize("guard_too", [True, False])
def test_yesterdays_backup_is_not_signed_over(loss, guard_too):
    rolled_back(loss, guard_too=guard_too)
    before = inside(loss.ash)

    assert loss.start().startswith("ledger.rollback")

    loss.village.pass_time(days=1)
    work.sweep(loss.ash)
    assert inside(loss.ash) == before
    assert not work.health(loss.ash).ready


def test_yesterdays_backup_without_any_guard_is_not_signed_over(loss):
    rolled_back(loss)
    loss.lose_guard()

    assert loss.start().startswith("ledger.rollback")


def test_a_guard_alone_is_enough_while_the_witness_is_silent(loss):
    rolled_back(loss, guard_too=False)
    loss.roads.away.add(loss.birch.settings.origin)

    assert loss.start().startswith("ledger.rollback")


def test_without_guard_and_witness_nothing_is_signed(loss):
    loss.tell()
    loss.lose_guard()
    loss.roads.away.add(loss.birch.settings.origin)
    before = inside(loss.ash)

    assert loss.start().startswith("ledger.unguarded")
    loss.village.pass_time(days=1)
    work.sweep(loss.ash)

    assert inside(loss.ash) == before


def test_without_a_guard_a_witness_is_enough_and_there_is_a_guard_again(loss):
    loss.tell()
    loss.lose_guard()

    assert loss.start() == ""

    found, mark = inside(loss.ash), guard.read(guard.path(loss.ash))
    assert (mark.epoch, mark.size, mark.root) == (1, found.size, found.root)


def test_a_silent_witness_is_asked_again_every_minute_and_then_heard(loss):
    rolled_back(loss)
    away = loss.birch.settings.origin
    loss.roads.away.add(away)

    assert loss.start() == ""

    key = str(loss.key)
    assert waits(loss)[key] == loss.village.now + timedelta(minutes=1)
    assert f"ask/{key}" not in witness.due(loss.ash)
    loss.village.pass_time(minutes=1)
    assert witness.run(loss.ash, f"ask/{key}")
    assert waits(loss)[key] == loss.village.now + timedelta(minutes=1)
    assert not witness.run(loss.ash, f"ask/{key}")
    loss.roads.away.clear()
    loss.village.pass_time(minutes=1)
    assert f"ask/{key}" in witness.due(loss.ash)
    assert witness.run(loss.ash, f"ask/{key}")

    assert waits(loss)[key] is None
    assert log.read_only(loss.ash).startswith("ledger.rollback")


def test_what_one_process_heard_stops_every_other(loss):
    rolled_back(loss)
    loss.roads.away.add(loss.birch.settings.origin)
    assert loss.start() == ""
    other = loss.village.open(loss.ash.settings)
    assert log.start_check(other) == ""
    loss.roads.away.clear()
    loss.village.pass_time(minutes=1)
    witness.run(loss.ash, f"ask/{loss.key}")
    before = inside(other)
    assert not work.health(other).ready

    made = loss.moot.tell()

    assert log.wait(other, made.ticket) is None
    assert log.read_only(other).startswith("ledger.rollback")
    loss.village.pass_time(days=1)
    work.sweep(other)
    assert inside(other) == before
    again = loss.village.open(loss.ash.settings)
    loss.roads.away.add(loss.birch.settings.origin)
    assert witness.start_check(again).startswith("ledger.rollback")


def test_reading_goes_on_and_what_must_be_sealed_is_refused(loss):
    made = loss.tell()
    loss.save()
    loss.tell()
    loss.put_back(guard_too=True)
    loss.start()
    moot = loss.moot

    assert view(moot.node, made.reference, by=moot["cleo"]).reference
    with pytest.raises(ReadOnly) as refusal:
        reply(moot.node, made.reference, Words(made.case_id, "Hi."), by=moot["cleo"])
    assert refusal.value.code == "ledger-read-only"


def test_a_witness_that_saw_another_history_stops_the_log(loss):
    loss.tell()
    found = inside(loss.ash)
    other = Log(names.origin(loss.ash))
    other.signer = names.log_signer(loss.ash)
    elm_shows(loss, other.signed(found.size))

    assert loss.start().startswith("ledger.fork")


@pytest.mark.parametrize("size", [5, 1_000_000])
def test_nobody_stops_the_log_by_saying_something(loss, size):
    loss.tell()
    liar = Log(names.origin(loss.ash))
    elm_shows(loss, note.sign(_text(liar, size), liar.signer, ELMS_LOG))

    assert loss.start() == ""
    assert waits(loss)[str(ELMS.vkey)] is not None


ELMS_LOG = Log("elm.example/ledger", seed=8).signer


def _text(of, size):
    return note.parse(of.signed(min(size, 600))).text


def test_a_checkpoint_without_the_witnesss_own_line_vouches_for_nothing(loss):
    loss.tell()
    loss.lose_guard()
    loss.roads.away.add(loss.birch.settings.origin)
    elm_shows(loss, inside(loss.ash).note)

    assert loss.start().startswith("ledger.unguarded")


def test_many_silent_witnesses_delay_a_start_as_little_as_one(loss):
    loss.tell()
    for seed in range(20, 40):
        witness.add(loss.ash, str(witness_key(f"w{seed}.example/witness", seed).vkey))

    assert loss.start() == ""

    asked = [at for at in waits(loss).values() if at]
    assert len(asked) == 20


def test_a_witness_that_doubts_while_it_is_fed_is_asked_what_it_saw(loss):
    rolled_back(loss)
    loss.roads.away.add(loss.birch.settings.origin)
    loss.start()
    loss.roads.away.clear()
    loss.moot.tell()
    loss.village.pass_time(seconds=59)
    log.sequence(loss.ash)
    log.publish(loss.ash, at=loss.village.now)

    witness.run(loss.ash, f"cosign/{loss.key}")
    assert f"ask/{loss.key}" in witness.due(loss.ash)
    witness.run(loss.ash, f"ask/{loss.key}")

    assert log.read_only(loss.ash)
    with loss.ash.read() as tx:
        assert tx.scalar(select(LedgerHead.halted))


def test_a_node_that_was_just_founded_starts(village):
    ash = village.found("https://ash.example")

    assert witness.start_check(ash) == ""


def test_a_node_that_published_nothing_yet_needs_no_guard(either):
    ash = either.build("https://ash.example")

    assert witness.start_check(ash) == ""
