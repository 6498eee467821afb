"""The log of breaches: its clock, what was done, and who hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.breaches import State, Step
from governance.errors import ChoiceInvalid, Denied, NotFound, Refusal, WrongState
from node import vault
from node.access import breaches
from node.ids import new_id
from node.models.breaches import BreachStep
from node.models.notices import Notice

WHAT = "A list with 40 names was sent to the wrong address."


def report(moot, ago=timedelta(), number=40, by="dov"):
    return breaches.report(moot.node, WHAT, ago, number, by=moot[by])


def act(moot, id_, what, words="As it was done."):
    breaches.act(moot.node, id_, what, words, by=moot["dov"])


def told(moot, kind):
    with moot.node.read() as tx:
        return len(tx.scalars(select(Notice).where(Notice.kind == kind)).all())


def later(moot, **time):
    moot.village.pass_time(**time)
    moot.village.work(moot.node)


@pytest.mark.capability("5.11")
def test_a_breach_is_written_down_and_its_clock_runs(moot):
    id_ = report(moot)

    (line,) = breaches.listed(moot.node, by=moot["dov"])

    assert (line.id, line.state, line.people) == (id_, State.FOUND, 40)
    assert line.due_at == moot.node.now() + timedelta(hours=72)
    assert not line.late
    _, (found,) = breaches.one(moot.node, id_, by=moot["dov"])
    assert (found.step, found.name, found.words) == (None, "Dov", WHAT)


def test_stewards_hear_a_day_before_the_time_is_over_and_when_it_is(moot):
    report(moot)

    later(moot, hours=47)
    assert told(moot, "breach.soon") == 0
    later(moot, hours=2)
    assert (told(moot, "breach.soon"), told(moot, "breach.over")) == (1, 0)
    later(moot, hours=24)
    assert (told(moot, "breach.soon"), told(moot, "breach.over")) == (1, 1)

    (line,) = breaches.listed(moot.node, by=moot["dov"])
    assert line.late


@pytest.mark.parametrize("what", [Step.NOTIFY, Step.NOT_NEEDED])
def test_once_it_is_decided_nobody_is_warned(moot, what):
    id_ = report(moot)
    act(moot, id_, what)

    later(moot, hours=80)

    assert told(moot, "breach.soon") == told(moot, "breach.over") == 0
    (line,) = breaches.listed(moot.node, by=moot["dov"])
    assert not line.late


def test_the_clock_runs_from_when_somebody_knew(moot):
    report(moot, ago=timedelta(hours=71))

    moot.village.work(moot.node)
    assert told(moot, "breach.soon") == 1
    later(moot, hours=2)

    assert told(moot, "breach.over") == 1


def test_each_step_is_kept_with_its_words_and_sealed(moot):
    id_ = report(moot)
    size = moot.size()
    act(moot, id_, Step.NOTE, "The address is ours to fix.")
    act(moot, id_, Step.TELL_PEOPLE, "By letter.")
    act(moot, id_, Step.NOTIFY, "By their form.")
    act(moot, id_, Step.CLOSE, "Nothing is left to do.")

    line, steps = breaches.one(moot.node, id_, by=moot["dov"])

    assert line.state is State.CLOSED
    assert line.people_told_at == line.decided_at == moot.node.now()
    assert [it.words for it in steps[1:]] == [
        "The address is ours to fix.",
        "By letter.",
        "By their form.",
        "Nothing is left to do.",
    ]
    assert moot.size() == size + 4
    with pytest.raises(WrongState):
        act(moot, id_, Step.NOTE)


def test_the_first_decision_and_the_first_telling_stay(moot):
    id_ = report(moot)
    act(moot, id_, Step.NOT_NEEDED)
    act(moot, id_, Step.TELL_PEOPLE)
    first = moot.node.now()
    moot.village.pass_time(hours=80)
    act(moot, id_, Step.NOTIFY)
    act(moot, id_, Step.TELL_PEOPLE)

    (line,) = breaches.listed(moot.node, by=moot["dov"])

    assert (line.decided_at, line.people_told_at) == (first, first)
    assert not line.late


def test_nothing_is_closed_before_it_is_decided(moot):
    id_ = report(moot)

    with pytest.raises(WrongState):
        act(moot, id_, Step.CLOSE)


@pytest.mark.parametrize("words", ["", "  ", "x" * 50_001])
def test_every_step_has_words(moot, words):
    id_ = report(moot)

    with pytest.raises(Refusal):
        act(moot, id_, Step.NOTIFY, words)
    with pytest.raises(Refusal):
        breaches.report(moot.node, words, timedelta(), None, by=moot["dov"])


@pytest.mark.parametrize("ago", [timedelta(hours=-1), timedelta(days=31)])
def test_a_breach_was_found_in_the_last_month(moot, ago):
    with pytest.raises(ChoiceInvalid):
        report(moot, ago=ago)


@pytest.mark.parametrize("who", ["ada", "cleo", "iris", "finn"])
def test_the_log_is_for_stewards(moot, who):
    id_ = report(moot)
    node, by = moot.node, moot[who]

    for look in (
        lambda: report(moot, by=who),
        lambda: breaches.act(node, id_, Step.NOTE, "x", by=by),
        lambda: breaches.listed(node, by=by),
        lambda: breaches.one(node, id_, by=by),
    ):
        with pytest.raises(Denied):
            look()


def test_what_is_no_breach_is_not_found(moot):
    other = new_id(moot.node)

    with pytest.raises(NotFound):
        breaches.one(moot.node, other, by=moot["dov"])
    with pytest.raises(NotFound):
        act(moot, other, Step.NOTE)
    breaches.warn(moot.node, str(other))
    assert told(moot, "breach.over") == 0


def test_what_was_written_is_sealed_where_it_lies(moot):
    id_ = report(moot)

    with moot.node.read() as tx:
        (row,) = tx.scalars(select(BreachStep)).all()
        assert WHAT.encode() not in row.words
        place = vault.Place("breach_step", "words", f"{id_}/0")
        key = vault.key_of(moot.node, tx, "case", id_)
    assert vault.unseal(key, place, row.words) == WHAT
