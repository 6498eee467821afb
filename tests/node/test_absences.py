"""Being away: who stands in, what becomes of the cases, and who is not asked."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from governance.absences import Shift
from governance.assignments import Method
from governance.cases import State
from governance.errors import ChoiceInvalid, Denied, LanguageInvalid, NotFound
from node import absences, assignments, cases, teams
from node.absences import Asked, Work
from node.ids import new_id
from node.models.jobs import Job
from node.models.pledges import Pledge
from node.models.teams import Absence
from node.teams import Described, Place

LIVE = [State.ASSIGNED, State.WORKING, State.WAITING_MEMBER, State.WAITING_OTHER]


def today(moot):
    return moot.node.now().date()


def away(moot, who="cleo", *deputies, first=0, last=3):
    asked = Asked(
        first=today(moot) + timedelta(days=first),
        last=today(moot) + timedelta(days=last),
        deputies=[moot.ids[name] for name in deputies],
    )
    return absences.say(moot.node, asked, by=moot[who])


def told(moot, state=State.WORKING):
    made = moot.tell()
    moot.bring(made, state)
    return made


def shown(moot, made):
    return cases.view(moot.node, made.reference, by=moot.guest(made))


@pytest.mark.parametrize("state", LIVE)
def test_on_the_first_day_the_case_is_offered_to_whoever_stands_in(moot, state):
    made = told(moot, state)
    away(moot, "cleo", "eve")

    moot.village.work(moot.node)

    found = shown(moot, made)
    assert (found.state, found.responsible.name) == (State.ASSIGNED, "Eve")
    assert found.chosen.method == "substitute"
    assert cases.view(moot.node, made.reference, by=moot["eve"])
    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["cleo"])


def test_nobody_who_stands_in_leaves_the_case_in_the_queue_with_a_note(moot):
    made = told(moot)
    away(moot)

    moot.village.work(moot.node)
    assignments.take(moot.node, made.reference, by=moot["eve"])

    behind = cases.behind(moot.node, made.reference, by=moot["eve"])
    assert any("is away" in note for note in behind.notes)


def test_who_stands_in_and_is_away_too_passes_it_on_to_theirs(moot):
    made = told(moot)
    away(moot, "eve", "gus")
    away(moot, "cleo", "eve")

    moot.village.work(moot.node)

    assert shown(moot, made).responsible.name == "Gus"


def test_until_the_first_day_nothing_changes_and_then_it_does(moot):
    made = told(moot)
    away(moot, "cleo", "eve", first=2)

    moot.village.work(moot.node)
    assert shown(moot, made).responsible.name == "Cleo"
    moot.village.pass_time(days=2)
    moot.village.work(moot.node)

    assert shown(moot, made).responsible.name == "Eve"


def test_no_promise_changes_because_somebody_is_away(moot):
    made = told(moot)

    def promised():
        with moot.node.read() as tx:
            rows = tx.scalars(select(Pledge).where(Pledge.case_id == made.case_id))
            kept = {"first_response", "resolution"}
            return {(it.kind, it.due_at, it.state) for it in rows if it.kind in kept}

    before = promised()
    away(moot, "cleo", "eve")
    moot.village.work(moot.node)

    assert promised() == before


@pytest.mark.parametrize("method", [Method.ROUND_ROBIN, Method.LOAD_BALANCED])
def test_no_method_finds_whoever_is_away_and_they_take_nothing(moot, method):
    iris = moot["iris"]
    id_ = teams.create(moot.node, Described("Homes", method), by=iris)
    for name in ("cleo", "eve"):
        teams.place(moot.node, id_, moot.ids[name], Place.MEMBER, by=iris)
    away(moot)
    for _ in range(3):
        made = moot.tell()
        moot.triage(made)
        moot.village.work(moot.node)
        assert shown(moot, made).responsible.name == "Eve"

    other = told(moot, State.QUEUED)
    assert assignments.take_next(moot.node, by=moot["cleo"]) is None
    with pytest.raises(ChoiceInvalid):
        assignments.assign(moot.node, other.reference, moot.ids["cleo"], by=iris)


def test_what_is_said_to_be_done_stays_with_them(moot):
    made = told(moot, State.RESOLVED)
    away(moot, "cleo", "eve")

    moot.village.work(moot.node)

    assert moot.state(made) is State.RESOLVED


def test_beginning_twice_is_beginning_once(moot):
    made = told(moot)
    id_ = away(moot, "cleo", "eve")
    absences.begin(moot.node, str(id_))
    size = moot.size()

    absences.begin(moot.node, str(id_))
    absences.begin(moot.node, str(new_id(moot.node)))

    assert moot.size() == size
    assert shown(moot, made).responsible.name == "Eve"


def test_an_absence_that_was_taken_back_gives_nothing_away(moot):
    made = told(moot)
    id_ = away(moot, "cleo", "eve", first=1)
    absences.call_off(moot.node, id_, by=moot["cleo"])

    moot.village.pass_time(days=1)
    moot.village.work(moot.node)

    assert shown(moot, made).responsible.name == "Cleo"
    assert absences.mine(moot.node, by=moot["cleo"]).away == ()


def test_whoever_is_back_early_is_asked_again(moot):
    id_ = away(moot)
    (now,) = absences.mine(moot.node, by=moot["cleo"]).away
    assert now.now

    absences.call_off(moot.node, id_, by=moot["cleo"])

    told(moot, State.ASSIGNED)
    with pytest.raises(NotFound):
        absences.call_off(moot.node, id_, by=moot["cleo"])


def test_nobody_sees_or_ends_the_absence_of_somebody_else(moot):
    id_ = away(moot)

    assert absences.mine(moot.node, by=moot["eve"]).away == ()
    with pytest.raises(NotFound):
        absences.call_off(moot.node, id_, by=moot["eve"])
    with pytest.raises(Denied):
        absences.mine(moot.node, by=moot["ada"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first": 3, "last": 2}, "last"),
        ({"first": -5, "last": -1}, "last"),
        ({"first": 0, "last": 367}, "last"),
        ({"first": 400, "last": 401}, "last"),
    ],
)
def test_days_that_cannot_be_are_refused(moot, wrong, field):
    with pytest.raises(ChoiceInvalid) as refusal:
        away(moot, **wrong)

    assert refusal.value.values["field"] == field
    with moot.node.read() as tx:
        assert tx.scalars(select(Absence)).all() == []
        assert tx.scalars(select(Job).where(Job.kind == absences.BEGIN)).all() == []


def test_nobody_is_away_twice_at_once_or_without_an_end_of_telling(moot):
    away(moot, first=0, last=3)
    with pytest.raises(ChoiceInvalid):
        away(moot, first=3, last=4)
    for day in range(4, 23):
        away(moot, first=day, last=day)

    with pytest.raises(ChoiceInvalid):
        away(moot, first=40, last=41)

    assert len(absences.mine(moot.node, by=moot["cleo"]).away) == 20


@pytest.mark.parametrize("deputies", [("cleo",), ("ada",), ("eve", "eve")])
def test_only_others_who_work_here_stand_in_each_once(moot, deputies):
    with pytest.raises(ChoiceInvalid) as refusal:
        away(moot, "cleo", *deputies)

    assert refusal.value.values["field"] == "deputies"


def test_a_loop_of_deputies_is_refused_at_the_same_time_alone(moot):
    away(moot, "eve", "cleo", first=0, last=3)

    with pytest.raises(ChoiceInvalid):
        away(moot, "cleo", "eve", first=3, last=5)
    away(moot, "cleo", "eve", first=4, last=5)


def test_days_are_days_of_the_community(moot):
    asked = Asked(first=date(2026, 7, 1), last=date(2026, 7, 1))
    absences.say(moot.node, asked, by=moot["cleo"])

    (one,) = absences.mine(moot.node, by=moot["cleo"]).away
    assert one.until_at - one.from_at == timedelta(days=1)
    assert one.from_at.isoformat() == "2026-07-01T00:00:00+00:00"


def test_stewards_hear_of_a_team_that_nobody_leads(moot):
    iris = moot["iris"]
    id_ = teams.create(moot.node, Described("Homes"), by=iris)
    teams.place(moot.node, id_, moot.ids["gus"], Place.DEPUTY, by=iris)
    for name, hears in (("iris", False), ("gus", True)):
        away(moot, name)
        moot.village.work(moot.node)
        mails = [it for to, it in moot.village.mails if "Homes" in str(it["Subject"])]
        assert bool(mails) == hears


def test_what_one_says_about_ones_work_is_kept_and_replaced(moot):
    given = Work(
        languages=("en", "pt-BR"),
        skills=("debt",),
        area="north",
        capacity=3,
        shifts=(Shift(0, 540, 720), Shift(0, 780, 1020)),
    )

    absences.save(moot.node, given, by=moot["cleo"])
    assert absences.work(moot.node, by=moot["cleo"]) == given
    absences.save(moot.node, Work(), by=moot["cleo"])

    assert absences.work(moot.node, by=moot["cleo"]) == Work()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (Work(skills=("weather",)), ChoiceInvalid),
        (Work(area="nowhere"), ChoiceInvalid),
        (Work(capacity=-1), ChoiceInvalid),
        (Work(capacity=201), ChoiceInvalid),
        (Work(languages=("English",)), LanguageInvalid),
        (Work(languages=("en",) * 21), ChoiceInvalid),
        (Work(shifts=(Shift(0, 600, 540),)), ChoiceInvalid),
        (Work(shifts=(Shift(0, 540, 600), Shift(0, 540, 700))), ChoiceInvalid),
    ],
)
def test_what_cannot_count_is_refused_and_the_old_stays(moot, wrong, refusal):
    kept = Work(capacity=2)
    absences.save(moot.node, kept, by=moot["cleo"])

    with pytest.raises(refusal):
        absences.save(moot.node, wrong, by=moot["cleo"])

    assert absences.work(moot.node, by=moot["cleo"]) == kept


def test_out_of_hours_nobody_is_offered_a_case_but_takes_one_if_they_like(moot):
    at = moot.node.now()
    other = (at.weekday() + 3) % 7
    absences.save(moot.node, Work(shifts=(Shift(other, 540, 1020),)), by=moot["cleo"])
    made = told(moot, State.QUEUED)

    with pytest.raises(ChoiceInvalid):
        assignments.assign(moot.node, made.reference, moot.ids["cleo"], by=moot["iris"])
    assert assignments.take_next(moot.node, by=moot["cleo"]) == made.reference
