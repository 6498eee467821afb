"""Topics at a glance: numbers as on the desk, and which teams take each."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.assignments import Method
from governance.cases import Kind, Priority, Sensitivity, State
from governance.errors import ChoiceInvalid, Denied, NotFound
from governance.walls import InterestKind
from node import cases, interests, restricting, teams, topics_desk
from node.cases import TriageChoice
from node.ids import new_id
from node.models.accounts import GrantRow
from node.models.cases import Case
from node.teams import Described
from node.topics import STARTER, UNSORTED
from tests.node.test_data_requests import wall


def line(moot, code="housing", by="iris"):
    found = topics_desk.every(moot.node, by=moot[by])
    return next(one for one in found.lines if one.code == code)


def team(moot, name="Homes", topics=("housing",)):
    given = Described(name, Method.TAKE_NEXT, topics=topics)
    return teams.create(moot.node, given, by=moot["iris"])


def kept(moot, id_):
    return teams.show(moot.node, id_, by=moot["iris"]).topics


def choose(moot, *ids, topic="housing", by="iris"):
    teams.choose(moot.node, topic, ids, by=moot[by])


def test_every_topic_stands_there_and_what_nobody_sorted_comes_last(moot):
    found = topics_desk.every(moot.node, by=moot["iris"])

    assert [one.code for one in found.lines] == [*STARTER, UNSORTED]
    assert found.teams == 0
    empty = found.lines[0]
    assert (empty.open, empty.to_triage, empty.due_at, empty.late) == (
        0,
        0,
        None,
        False,
    )
    assert (empty.newest_at, empty.sensitivities, empty.teams) == (None, (), ())


def test_it_counts_what_is_open_and_what_waits_for_triage(moot):
    for _ in range(2):
        moot.triage(moot.tell())
    moot.bring(moot.tell(), State.CLOSED)
    newest = moot.tell(topic="housing")
    moot.tell()

    found = line(moot)

    assert (found.open, found.to_triage) == (3, 1)
    assert line(moot, UNSORTED).to_triage == 1
    with moot.node.read() as tx:
        housing = tx.scalars(
            select(Case).where(Case.topic == "housing", Case.state != State.CLOSED)
        ).all()
    assert found.due_at == min(case.next_due_at for case in housing)
    assert found.newest_at == max(case.received_at for case in housing)
    assert newest.case_id in {case.id for case in housing}


def test_a_promise_that_is_over_shows(moot):
    moot.triage(moot.tell())
    assert not line(moot).late

    moot.village.pass_time(days=30)

    assert line(moot).late


def test_it_says_that_some_cases_are_shown_more_narrowly(moot):
    moot.triage(moot.tell())
    assert line(moot).sensitivities == ()
    choice = TriageChoice(
        kind=Kind.CLAIM,
        topic="housing",
        priority=Priority.NORMAL,
        area=None,
        reason="",
        sensitivity=Sensitivity.SPECIAL,
    )
    cases.triage(moot.node, moot.tell().reference, choice, by=moot["iris"])

    assert line(moot).sensitivities == (Sensitivity.SPECIAL,)


def test_a_case_behind_a_wall_is_in_no_number_and_no_date(moot):
    made = [moot.tell() for _ in range(4)]
    for one in made:
        moot.triage(one)
    moot.village.pass_time(days=1)
    newest = moot.tell()
    moot.triage(newest, Priority.URGENT, "They are thrown out today.")
    before = line(moot, by="gus")
    assert (before.open, before.due_at) == (5, line(moot).due_at)

    wall(moot, newest, "gus")

    hidden = line(moot, by="gus")
    assert hidden.open == 4
    assert hidden.newest_at < before.newest_at
    assert hidden.due_at > before.due_at
    assert line(moot).open == 5


def test_a_small_total_is_withheld_from_whom_a_wall_could_meet(moot):
    moot.triage(moot.tell())
    interests.declare(moot.node, InterestKind.KIN, "Ada Lovelace", by=moot["gus"])

    found = line(moot, by="gus")

    assert (found.open, found.to_triage) == (None, None)
    assert line(moot, "work", by="gus").open is None
    assert line(moot).open == 1


def test_what_rests_and_ones_own_case_are_not_counted(moot):
    resting, own = moot.tell(by=moot["ada"]), moot.tell(by=moot["gus"])
    for made in (resting, own):
        moot.triage(made)
    restricting.restrict(moot.node, resting.reference, by=moot["ada"])

    assert line(moot, by="gus").open == 0
    assert line(moot).open == 1


def test_ones_own_case_waits_for_the_triage_of_others_alone(moot):
    moot.tell(by=moot["gus"])

    assert line(moot, UNSORTED, by="gus").to_triage == 0
    assert line(moot, UNSORTED).to_triage == 1


def test_who_coordinates_one_topic_sees_the_cases_of_that_one(moot):
    for topic in ("housing", "work"):
        choice = TriageChoice(
            kind=Kind.CLAIM,
            topic=topic,
            priority=Priority.NORMAL,
            area=None,
            reason="",
        )
        cases.triage(moot.node, moot.tell().reference, choice, by=moot["iris"])
    with moot.node.begin() as tx:
        grants = select(GrantRow).where(GrantRow.person_id == moot.ids["olga"])
        tx.scalars(grants).one().topics = "work"

    assert line(moot, by="olga").open == 0
    assert line(moot, "work", by="olga").open == 1


@pytest.mark.parametrize("who", ["ada", "cleo", "dov", "finn"])
def test_topics_are_for_those_who_share_out_cases(moot, who):
    for act in (
        lambda: topics_desk.every(moot.node, by=moot[who]),
        lambda: topics_desk.one(moot.node, "housing", by=moot[who]),
        lambda: choose(moot, by=who),
    ):
        with pytest.raises(Denied):
            act()


def test_a_topic_is_taken_by_the_teams_that_were_chosen_and_no_other(moot):
    homes, work = team(moot), team(moot, "Work", ("work",))
    assert [one.name for one in line(moot).teams] == ["Homes"]

    choose(moot, homes, work)
    assert [one.name for one in line(moot).teams] == ["Homes", "Work"]
    assert set(kept(moot, work)) == {"housing", "work"}
    choose(moot, homes, topic="debt")
    choose(moot, work)

    assert [one.id for one in line(moot).teams] == [work]
    assert kept(moot, homes) == ("debt",)


def test_a_team_of_all_topics_loses_one_and_keeps_the_others(moot):
    everything = team(moot, "All", ())

    choose(moot)

    assert kept(moot, everything) == tuple(it for it in STARTER if it != "housing")
    assert line(moot).teams == ()
    assert [one.id for one in line(moot, "work").teams] == [everything]


def test_a_team_that_takes_all_already_stays_as_it_is(moot):
    everything = team(moot, "All", ())

    choose(moot, everything)

    assert kept(moot, everything) == ()


def test_a_team_keeps_its_last_topic_and_nothing_changes(moot):
    homes, work = team(moot), team(moot, "Work", ("work",))

    with pytest.raises(ChoiceInvalid) as no:
        choose(moot, work)

    assert no.value.values["field"] == "teams"
    assert (kept(moot, homes), kept(moot, work)) == (("housing",), ("work",))


def test_a_team_that_is_closed_or_unknown_takes_nothing(moot):
    closed = team(moot)
    teams.close(moot.node, closed, by=moot["iris"])
    assert line(moot).takers == ()

    for id_ in (closed, new_id(moot.node)):
        with pytest.raises(ChoiceInvalid):
            choose(moot, id_)
    choose(moot)
    assert kept(moot, closed) == ("housing",)


@pytest.mark.parametrize("code", [UNSORTED, "nothing", ""])
def test_there_are_no_other_topics(moot, code):
    with pytest.raises(NotFound):
        topics_desk.one(moot.node, code, by=moot["iris"])
    with pytest.raises(NotFound):
        choose(moot, topic=code)


def test_a_case_comes_to_the_team_that_was_chosen(moot):
    homes = team(moot, "Homes", ("debt",))
    team(moot, "Work", ("work",))
    choose(moot, homes)

    made = moot.tell()
    moot.triage(made)

    with moot.node.read() as tx:
        assert tx.get_one(Case, made.case_id).team_id == homes
    assert replace(line(moot), open=0).teams[0].id == homes
    assert moot.node.now() - line(moot).newest_at < timedelta(minutes=1)
