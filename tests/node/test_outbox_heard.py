"""Whoever speaks can listen: what waits for them is tried at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import event, select

from federation.delivery import State
from node import outbox
from node.models.outbox import Courier, Target
from tests.support.door import Place, all_of

_PATIENCE = 10


@pytest.fixture
def fan(place, eve):
    """Somebody who follows us and was away when we had something to say."""
    return fails(place, eve)


def fails(place, eve):
    place.take(eve, eve.act("Follow"))
    with eve.away():
        place.publish()
        for _ in range(5):
            place.village.pass_time(minutes=1)
            place.work()
    return eve


def waiting(place, eve):
    rows = [row for row in all_of(place.node, Target) if row.origin == eve.origin]
    return [row for row in rows if row.state is State.WAITING]


def courier(place, eve):
    with place.node.read() as tx:
        row = tx.get_one(Courier, eve.origin)
        tx.expunge_all()
        return row


def test_what_waits_for_whoever_speaks_arrives_at_once(place, fan):
    assert courier(place, fan).failed_at is not None
    assert len(waiting(place, fan)) == 1

    place.take(fan, fan.act("Like"))

    assert waiting(place, fan) == []
    known = courier(place, fan)
    assert (known.failures, known.open_until, known.silent) == ("", None, "")
    assert known.failed_at is None


@pytest.mark.network
def test_whoever_is_heard_holds_no_row_while_it_waits_for_the_courier(on_postgres):
    place = Place(on_postgres)
    fan = fails(place, place.stranger())
    engine, asked = place.node.database.engine, Event()

    def note(_connection, _cursor, statement, *_rest):
        if "courier" in statement and (
            "FOR UPDATE" in statement or "UPDATE c" in statement
        ):
            asked.set()

    with ThreadPoolExecutor(1) as pool, engine.connect() as mine, mine.begin():
        # As whoever sends has it: the courier, and then its rows.
        mine.execute(
            select(Courier).where(Courier.origin == fan.origin).with_for_update()
        )
        event.listen(engine, "before_cursor_execute", note)
        heard = pool.submit(fan.send, fan.act("Like"))
        assert asked.wait(_PATIENCE)
        event.remove(engine, "before_cursor_execute", note)
        rows = select(Target.seq).where(Target.state == State.WAITING)
        found = mine.execute(rows.with_for_update(nowait=True)).all()
        mine.rollback()
        assert heard.result(_PATIENCE).status_code == 202

    assert len(found) == 1
    assert outbox.send(place.node, fan.origin) == 1
