import os
import signal
import threading

import pytest

from node import jobs, work, worker
from node.core import Collision
from node.jobs import Asked
from node.worker import Bell
from tests.support.cast import moot_on

PATIENCE = 30


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


@pytest.fixture
def bell():
    bell = Bell()
    yield bell
    bell.stop()


class Errand:
    """One more kind of work: says when it was done, and can be made to wait."""

    def __init__(self):
        self.done = []
        self.somebody_came = threading.Event()
        self.may_end = threading.Event()
        self.may_end.set()

    def __call__(self, _node, subject):
        self.somebody_came.set()
        assert self.may_end.wait(PATIENCE)
        self.done.append(subject)


@pytest.fixture
def errand(monkeypatch):
    errand = Errand()
    monkeypatch.setitem(work.KINDS, "errand", errand)
    return errand


class Pauses(Bell):
    """A bell that says when the worker has nothing to do and waits for it."""

    def __init__(self):
        super().__init__()
        self.asleep = threading.Semaphore(0)

    def wait(self):
        self.asleep.release()
        super().wait()


@pytest.fixture
def pauses():
    bell = Pauses()
    yield bell
    bell.stop()


def ask(node, subject):
    with node.begin() as tx:
        jobs.put(node, tx, Asked("errand", subject, node.now()))


def end(thread, bell):
    bell.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_worker_that_was_rung_works_at_once(moot, errand, pauses, monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_SLEEP", PATIENCE)
    thread = worker.start(moot.node, pauses)
    assert pauses.asleep.acquire(timeout=PATIENCE)

    ask(moot.node, "one")
    pauses.ring()

    assert errand.somebody_came.wait(PATIENCE / 2)
    end(thread, pauses)
    assert errand.done == ["one"]


def test_a_lost_bell_costs_seconds_and_nothing_else(moot, errand, pauses, monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_SLEEP", 0.01)
    thread = worker.start(moot.node, pauses)
    assert pauses.asleep.acquire(timeout=PATIENCE)

    ask(moot.node, "one")

    assert errand.somebody_came.wait(PATIENCE)
    end(thread, pauses)
    assert errand.done == ["one"]


def test_stopping_waits_for_what_is_being_done(moot, errand, bell):
    errand.may_end.clear()
    ask(moot.node, "one")
    thread = worker.start(moot.node, bell)
    assert errand.somebody_came.wait(PATIENCE)

    bell.stop()
    waited = thread.is_alive()
    errand.may_end.set()
    thread.join(PATIENCE)

    assert waited
    assert (errand.done, thread.is_alive()) == (["one"], False)
    assert not jobs.waiting(moot.node)


def test_a_worker_that_sleeps_stops_at_once(moot, pauses, monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_SLEEP", 10 * PATIENCE)
    thread = worker.start(moot.node, pauses)
    assert pauses.asleep.acquire(timeout=PATIENCE)

    end(thread, pauses)


def test_whatever_goes_wrong_the_worker_goes_on(
    moot, errand, bell, monkeypatch, capsys
):
    problems = [OSError("Ada's words"), Collision("busy")]
    sweep = work.sweep

    def stumble(node, *, post):
        if problems:
            raise problems.pop(0)
        return sweep(node, post=post)

    monkeypatch.setattr(worker, "LONGEST_SLEEP", 0.01)
    monkeypatch.setattr(work, "sweep", stumble)
    ask(moot.node, "one")
    thread = worker.start(moot.node, bell)

    assert errand.somebody_came.wait(PATIENCE)
    end(thread, bell)
    said = "".join(capsys.readouterr())
    assert "worker.failed" in said
    assert "OSError" in said
    assert "Collision" not in said
    assert "Ada's words" not in said


def test_a_worker_that_has_stopped_takes_nothing_more(moot, errand, bell):
    bell.stop()
    ask(moot.node, "one")

    worker.work_until_stopped(moot.node, bell)

    assert errand.done == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_work_and_the_old_handlers_come_back(bell, number):
    before = signal.getsignal(number)

    with worker.told_by_signals(bell):
        inside = bell.over
        os.kill(os.getpid(), number)
        bell.wait()

    assert (inside, bell.over) == (False, True)
    assert signal.getsignal(number) is before


def test_many_rings_are_one(bell):
    for _ in range(3):
        bell.ring()

    bell.wait()

    assert not bell._event.is_set()  # noqa: SLF001 - the next wait would return at once
