import threading

import pytest

from node import jobs, work
from node.jobs import Asked
from tests.support.cast import moot_on

pytestmark = pytest.mark.network


@pytest.fixture
def moot(celery, tmp_path):
    with moot_on("", tmp_path) as moot, celery.serves(moot) as served:
        yield served


@pytest.fixture
def done(monkeypatch):
    """What was done of one more kind of work: by whom, and at which hour."""
    done = []

    def errand(node, subject):
        done.append((subject, threading.current_thread(), node.now()))

    monkeypatch.setitem(work.KINDS, "errand", errand)
    return done


def ask(moot, subject):
    at = moot.node.now()
    with moot.node.begin() as tx:
        jobs.put(moot.node, tx, Asked("errand", subject, at))


def test_what_is_due_is_done_by_the_worker_and_at_the_hour_of_the_test(moot, done):
    moot.village.pass_time(days=1)
    ask(moot, "first")

    moot.village.work(moot.node)

    ((subject, thread, at),) = done
    assert (subject, at) == ("first", moot.village.now)
    assert thread is not threading.main_thread()


def test_it_is_done_without_anybody_waiting_for_it(moot, monkeypatch):
    came = threading.Event()
    monkeypatch.setitem(work.KINDS, "errand", lambda _node, _subject: came.set())

    ask(moot, "first")

    assert came.wait(60)


def test_a_look_that_fails_is_not_taken_for_one(moot, done, monkeypatch):
    looked = []
    sweep = work.sweep

    def fails_once(node, **given):
        looked.append(node)
        if len(looked) == 1:
            raise RuntimeError
        return sweep(node, **given)

    monkeypatch.setattr(work, "sweep", fails_once)
    ask(moot, "first")

    moot.village.work(moot.node)

    assert [subject for subject, *_ in done] == ["first"]
