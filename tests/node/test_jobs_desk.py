from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from governance.errors import Denied, NotFound, WrongState
from node import jobs, jobs_desk
from node.jobs import MOST_ATTEMPTS, Asked
from node.models.jobs import Job

KIND = "errand"


@pytest.fixture(autouse=True)
def _nothing_owed(moot):
    with moot.node.begin() as tx:
        tx.execute(delete(Job))


def ask(moot, subject, **after):
    asked = Asked(KIND, subject, moot.node.now() + timedelta(**after))
    with moot.node.begin() as tx:
        jobs.put(moot.node, tx, asked)


def give_up(moot, subject="secret-subject"):
    """Have one piece of work fail until nobody tries it any more."""
    ask(moot, subject)
    for _ in range(MOST_ATTEMPTS):
        [leased] = jobs.lease(moot.node, "me")
        jobs.finish(moot.node, leased, problem="mail.away")
        moot.village.pass_time(hours=2)


def owed(moot):
    return jobs_desk.owed(moot.node, by=moot["dov"])


def test_where_nothing_is_owed_nothing_is_shown(moot):
    assert owed(moot) == jobs_desk.Owed(timedelta(), (), ())


def test_what_waits_is_counted_by_its_kind(moot):
    ask(moot, "one")
    ask(moot, "two", hours=3)
    moot.village.pass_time(minutes=5)

    found = owed(moot)

    [kind] = found.kinds
    assert (kind.name, kind.waiting, kind.due, kind.tried) == (KIND, 2, 1, 0)
    assert found.oldest == timedelta(minutes=5)
    assert found.given_up == ()


def test_what_was_given_up_is_shown_without_what_it_was_about(moot):
    give_up(moot)

    found = owed(moot)

    [given] = found.given_up
    assert (given.kind, given.attempts, given.problem) == (
        KIND, MOST_ATTEMPTS, "mail.away",
    )  # fmt: skip
    assert "secret-subject" not in repr(found)
    assert found.kinds == ()


def test_what_was_given_up_is_tried_again_with_all_its_attempts(moot):
    give_up(moot)
    [given] = owed(moot).given_up

    jobs_desk.again(moot.node, given.id, by=moot["dov"])

    [leased] = jobs.lease(moot.node, "me")
    assert (leased.id, leased.attempt) == (given.id, 1)
    assert owed(moot).given_up == ()


def test_only_what_was_given_up_is_tried_again(moot):
    ask(moot, "one")
    with moot.node.read() as tx:
        waiting = tx.scalars(select(Job.id)).one()

    with pytest.raises(WrongState):
        jobs_desk.again(moot.node, waiting, by=moot["dov"])
    with pytest.raises(NotFound):
        jobs_desk.again(moot.node, waiting + 1, by=moot["dov"])


@pytest.mark.parametrize("who", ["ada", "cleo", "iris", "finn"])
def test_the_queue_is_for_stewards(moot, who):
    with pytest.raises(Denied):
        jobs_desk.owed(moot.node, by=moot[who])
    with pytest.raises(Denied):
        jobs_desk.again(moot.node, 1, by=moot[who])
