import threading

import pytest

from federation.delivery import State
from node import outbox, work, worker
from node.worker import Bell
from tests.support.posting import FIR, desk_in

PATIENCE = 30


@pytest.fixture
def desk(village):
    with desk_in(village) as desk:
        work.sweep(desk.ash)
        yield desk


class Looks(Bell):
    """A bell that says when everything due was looked at."""

    def __init__(self):
        super().__init__()
        self.looked = threading.Semaphore(0)

    def wait(self):
        self.looked.release()
        super().wait()


@pytest.fixture
def bell(monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_SLEEP", PATIENCE)
    bell = Looks()
    yield bell
    bell.stop()


class Door:
    """A node that answers once it is let."""

    def __init__(self):
        self.came, self.opens = threading.Semaphore(0), threading.Event()

    def __call__(self, _post):
        self.came.release()
        assert self.opens.wait(PATIENCE)
        return 202


def look(bell):
    assert bell.looked.acquire(timeout=PATIENCE)


def end(thread):
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_an_origin_that_waits_for_its_turn_is_asked_for_once(desk, bell, monkeypatch):
    monkeypatch.setattr(worker, "_COURIERS", 1)
    sends, send = [], outbox.send

    def counted(node, origin, **more):
        sends.append(origin)
        return send(node, origin, **more)

    monkeypatch.setattr(outbox, "send", counted)
    door = desk.elm.usual = Door()
    desk.say("slow")
    thread = worker.start(desk.ash, bell)
    assert door.came.acquire(timeout=PATIENCE)
    desk.say("quick", to=(f"{FIR}/inbox",))
    look(bell)
    for _ in range(5):
        bell.ring()
        look(bell)

    door.opens.set()
    look(bell)  # what was asked for meanwhile is looked at once more
    bell.stop()
    end(thread)

    assert sends == ["https://elm.example", FIR]
    assert desk.names(desk.fir) == ["quick"]


def test_a_worker_that_stops_ends_after_what_is_under_way(desk, bell, monkeypatch):
    monkeypatch.setattr(worker, "_COURIERS", 1)
    door = desk.elm.usual = Door()
    for number in range(4):
        desk.say(f"{number}", context=f"{number}")
    desk.say("other", to=(f"{FIR}/inbox",))
    thread = worker.start(desk.ash, bell)
    assert door.came.acquire(timeout=PATIENCE)
    look(bell)

    bell.stop()
    door.opens.set()
    end(thread)

    assert (len(desk.elm.posts), len(desk.fir.posts)) == (1, 0)
    assert desk.row("0").state is State.DONE
    assert set(outbox.due(desk.ash)) == {"https://elm.example", FIR}


def test_what_a_worker_that_stopped_left_is_sent_by_the_next(desk, bell):
    door = desk.elm.usual = Door()
    for number in range(4):
        desk.say(f"{number}", context=f"{number}")
    thread = worker.start(desk.ash, bell)
    assert door.came.acquire(timeout=PATIENCE)
    bell.stop()
    door.opens.set()
    end(thread)

    assert outbox.send(desk.again(), "https://elm.example") == 3

    assert desk.names() == list("0123")
    assert len(desk.elm.posts) == 4


def test_what_is_written_while_its_node_is_written_to_waits_for_no_bell(desk, bell):
    door = desk.elm.usual = Door()
    desk.say("first", context="a")
    thread = worker.start(desk.ash, bell)
    assert door.came.acquire(timeout=PATIENCE)
    look(bell)
    desk.say("second", context="b")
    bell.ring()
    look(bell)

    door.opens.set()
    assert door.came.acquire(timeout=PATIENCE / 2)
    bell.stop()
    end(thread)

    assert desk.names() == ["first", "second"]
