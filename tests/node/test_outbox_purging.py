from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from federation.delivery import State
from node import outbox, tidying, work
from node.models.outbox import Outgoing, Target
from node.outbox import purging
from tests.support.byways import NOBODY
from tests.support.posting import FIR, INBOX, desk_in

OTHER = f"{FIR}/inbox"
AGREEMENT = {"type": "Offer", "object": {"type": "fm:Agreement"}}
FOLLOW, UNDO = {"type": "Follow"}, {"type": "Undo"}
DAYS = timedelta(days=90)


@pytest.fixture
def desk(either):
    with desk_in(either) as desk:
        yield desk


def kept(desk):
    """Return what of all that was said here is still known, and to whom it went."""
    by_id = {one: name for name, one in desk.ids.items()}
    with desk.ash.read() as tx:
        rows = select(Outgoing.activity_id, Target.inbox).join(
            Target, Target.seq == Outgoing.seq
        )
        found = tx.execute(rows).all()
    return {(by_id[id_], inbox) for id_, inbox in found if id_ in by_id}


def count(desk, table):
    with desk.ash.read() as tx:
        return tx.scalar(select(func.count()).select_from(table))


def send_all(desk):
    for origin in outbox.due(desk.ash):
        outbox.send(desk.ash, origin)


def test_the_last_word_to_each_stays_and_what_came_before_goes_after_ninety_days(desk):
    desk.say("new", to=(INBOX, OTHER))
    desk.say("changed", kind="Update", to=(INBOX,))
    send_all(desk)
    everything = {("new", INBOX), ("new", OTHER), ("changed", INBOX)}

    desk.village.now += DAYS - timedelta(seconds=1)
    outbox.purge(desk.ash)
    assert kept(desk) == everything

    desk.village.now += timedelta(seconds=1)
    outbox.purge(desk.ash)
    assert kept(desk) == everything - {("new", INBOX)}


def test_what_did_not_arrive_is_kept_whatever_its_age(desk):
    desk.elm.usual = 409
    desk.say("parked")
    send_all(desk)
    desk.elm.usual = NOBODY
    desk.say("waiting", kind="Update")
    desk.say("last", kind="Delete")
    desk.village.now += 2 * DAYS

    outbox.purge(desk.ash)

    assert kept(desk) == {(one, INBOX) for one in ("parked", "waiting", "last")}
    assert desk.row("parked").state is State.PARKED


def test_what_passed_between_parties_is_kept(desk):
    for name in ("first", "second"):
        desk.say(name, as_=AGREEMENT)
    send_all(desk)
    desk.village.now += 10 * DAYS

    outbox.purge(desk.ash)

    assert kept(desk) == {("first", INBOX), ("second", INBOX)}


def test_what_an_outbox_shows_is_public_for_ever_and_the_rest_goes(desk):
    desk.say("new")
    desk.say("changed", kind="Update")
    desk.say("ask", context="follow", as_=FOLLOW)
    desk.say("stop", context="follow", as_=UNDO)
    seq = desk.say("words", context="other")
    with desk.ash.begin() as tx:
        outbox.forget(tx, [seq])
    desk.say("gone", context="other", kind="Delete")
    send_all(desk)
    desk.village.now += DAYS

    outbox.purge(desk.ash)

    assert kept(desk) == {(one, INBOX) for one in ("changed", "stop", "gone")}
    with desk.ash.read() as tx:
        left = set(tx.scalars(select(Outgoing.activity_id)))
    assert left == {desk.ids[it] for it in ("new", "changed", "stop", "gone")}


def test_any_amount_goes_in_small_steps(desk, monkeypatch):
    monkeypatch.setattr(purging, "_BATCH", 2)
    for number in range(7):
        desk.say(f"{number}", as_=FOLLOW)
    send_all(desk)
    desk.village.now += DAYS

    outbox.purge(desk.ash)

    assert (count(desk, Target), count(desk, Outgoing)) == (1, 1)


def test_it_is_done_by_tidying(desk):
    desk.say("ask", as_=FOLLOW)
    desk.say("stop", as_=UNDO)
    send_all(desk)
    desk.village.now += DAYS
    tidying.begin(desk.ash)

    work.sweep(desk.ash)

    assert kept(desk) == {("stop", INBOX)}


def test_what_was_said_of_one_thing_is_found_without_reading_the_rest(village):
    with desk_in(village) as desk, desk.ash.read() as tx:
        plan = "EXPLAIN QUERY PLAN SELECT seq FROM outgoing WHERE context = 'one'"
        assert "ix_outgoing_context" in str(tx.execute(text(plan)).all())
