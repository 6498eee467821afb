"""What rules sort by themselves: by two people's word, and never what is urgent."""

import re
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from governance.assignments import Method
from governance.cases import Act, Kind, Priority, State
from governance.errors import (
    ChoiceInvalid,
    Denied,
    NotFound,
    SecondPerson,
    WrongState,
)
from governance.pledges import PledgeState
from governance.rubric import Finding
from node import attachments, cases, marking, suggesting, teams, threads, work
from node.cases import folding, sorting
from node.models.cases import Case, CaseEvent
from node.models.jobs import Job
from node.models.pledges import Pledge
from node.models.suggesting import TriageRule
from node.teams import Described
from node.threads import Words
from tests.node.test_cases_triage import choice
from tests.support import pictures

STORY = "The heating is off."
URGENT = ("eviction", "smoke")


@pytest.fixture
def alone(moot):
    """A community where words sort housing by themselves, for a team."""
    return let(moot)


def let(moot, method=Method.MANUAL):
    made = teams.create(moot.node, Described("Homes", method), by=moot["iris"])
    moot.ids["homes"] = made
    words(moot, "heating")
    marking.ask(moot.node, "housing", Kind.CLAIM, URGENT, by=moot["iris"])
    marking.agree(moot.node, "housing", "housing.claim/2", by=moot["olga"])
    return moot


def words(moot, *chosen, topic="housing", kind=Kind.CLAIM, by="iris"):
    suggesting.change(moot.node, topic, {kind: chosen}, by=moot[by])


def row(moot, made):
    with moot.node.read() as tx:
        return tx.get_one(Case, made.case_id)


def event(moot, made):
    mine = (CaseEvent.case_id == made.case_id, CaseEvent.act == Act.TRIAGE)
    with moot.node.read() as tx:
        return tx.scalars(select(CaseEvent).where(*mine)).one()


def asked(moot):
    with moot.node.read() as tx:
        return tx.scalars(select(Job).where(Job.kind == sorting.JOB)).all()


def rule(moot):
    (found,) = suggesting.of_topic(moot.node, "housing", by=moot["iris"])
    return found


def sweep(moot):
    work.sweep(moot.node)


def test_a_message_is_sorted_by_its_words_as_soon_as_it_is_told(alone):
    made = alone.tell(text=STORY, area="south")
    assert row(alone, made).state is State.RECEIVED

    sweep(alone)

    case = row(alone, made)
    assert (case.state, case.kind, case.topic) == (State.QUEUED, Kind.CLAIM, "housing")
    assert (case.priority, case.area, case.team_id) == (
        Priority.NORMAL, "south", alone.ids["homes"],
    )  # fmt: skip
    assert case.sorted_by == "housing.claim/3"
    assert list(folding.verify(alone.node)) == []


@pytest.mark.capability("1.23")
def test_event_and_ledger_name_the_rule_and_its_version(alone):
    made = alone.tell(text=STORY)
    sweep(alone)

    done = event(alone, made)

    assert done.actor_id is None
    assert re.fullmatch(r"housing\.claim/3 system-case-triage \d+/\S+", done.rule), (
        done.rule
    )
    entry = alone.entries(made)[done.entry_seq]
    assert (entry.kind, entry.role) == ("status", "node")
    told = dict(entry.disclosed)
    assert told["action"] == "triage"
    assert told["reason"].startswith("Rule housing.claim/3 of the community")
    shown = cases.view(alone.node, made.reference, by=alone.guest(made))
    assert shown.sorted_by == "housing.claim/3"
    assert shown.priority_reason == told["reason"]
    (line,) = [one for one in shown.timeline if one.act is Act.TRIAGE]
    assert (line.machine, line.reason) == (True, shown.priority_reason)


def test_it_keeps_the_promise_to_look_and_none_to_answer(alone):
    made = alone.tell(text=STORY)
    sweep(alone)

    with alone.node.read() as tx:
        mine = select(Pledge).where(Pledge.case_id == made.case_id)
        states = {one.kind.value: one.state for one in tx.scalars(mine)}

    assert states["triage"] is PledgeState.MET
    assert states["first_response"] is PledgeState.RUNNING


def test_the_method_of_the_team_goes_on_as_after_a_person(moot):
    let(moot, Method.ROUND_ROBIN)
    team = moot.ids["homes"]
    teams.place(moot.node, team, moot.ids["cleo"], teams.Place.MEMBER, by=moot["iris"])
    made = moot.tell(text=STORY)

    sweep(moot)

    case = row(moot, made)
    assert case.state is State.ASSIGNED
    assert case.sorted_by == "housing.claim/3"
    assert list(folding.verify(moot.node)) == []


@pytest.mark.parametrize(
    "told",
    [
        {"text": "The heating is off, and I smell smoke."},
        {"text": STORY, "wanted": "No eviction."},
        {"text": "The heating is off since Monday the 2nd."},
        {"text": "The roof leaks."},
        {"text": STORY, "topic": "work"},
    ],
)
def test_what_could_be_urgent_or_else_waits_for_a_person(alone, told):
    made = alone.tell(**told)

    sweep(alone)

    case = row(alone, made)
    assert (case.state, case.sorted_by) == (State.RECEIVED, None)
    assert cases.triage_next(alone.node, by=alone["iris"]).reference == made.reference


def test_what_another_rule_fits_too_waits_for_a_person(alone):
    words(alone, "heating", topic="work")
    made = alone.tell(text=STORY)

    sweep(alone)

    assert row(alone, made).state is State.RECEIVED


def test_without_exactly_one_team_a_person_sorts(alone):
    teams.create(alone.node, Described("Others", Method.MANUAL), by=alone["iris"])
    made = alone.tell(text=STORY)

    sweep(alone)

    assert row(alone, made).state is State.RECEIVED


def test_words_that_came_later_are_read_by_a_person(alone):
    made = alone.tell(text=STORY)
    later = Words(uuid4(), "And now the ceiling comes down.")
    threads.write(alone.node, made.reference, later, by=alone.guest(made))

    sweep(alone)

    assert row(alone, made).state is State.RECEIVED


def test_a_file_is_read_by_a_person(alone):
    made = alone.tell(text=STORY, by=alone["ada"])
    attachments.attach(alone.node, made.reference, pictures.upload(), by=alone["ada"])

    sweep(alone)

    assert row(alone, made).state is State.RECEIVED


def test_whoever_sorted_it_before_has_sorted_it(alone):
    made = alone.tell(text=STORY)
    danger = choice(
        topic="work",
        priority=Priority.URGENT,
        reason="He was threatened.",
        found=frozenset({Finding.DANGER}),
    )
    cases.triage(alone.node, made.reference, danger, by=alone["iris"])
    size = alone.size()

    sorting.sort(alone.node, str(made.case_id))

    case = row(alone, made)
    assert (case.topic, case.priority, case.sorted_by) == (
        "work",
        Priority.URGENT,
        None,
    )
    assert alone.size() == size


def test_sorting_twice_sorts_once(alone):
    made = alone.tell(text=STORY)
    sweep(alone)
    size = alone.size()

    sorting.sort(alone.node, str(made.case_id))
    sorting.sort(alone.node, str(uuid4()))

    assert alone.size() == size


def test_it_is_owed_only_while_a_rule_sorts_by_itself(moot):
    words(moot, "heating")
    moot.tell(text=STORY)
    marking.ask(moot.node, "housing", Kind.CLAIM, URGENT, by=moot["iris"])
    moot.tell(text=STORY)
    assert asked(moot) == []
    marking.agree(moot.node, "housing", "housing.claim/2", by=moot["olga"])

    made = moot.tell(text=STORY)

    assert [one.subject for one in asked(moot)] == [str(made.case_id)]


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.sampled_from(
            ["heating", "HEATING!", "smoke", "it is cold", "on day 3", "bus", "…"]
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["", "housing", "work"]),
)
def test_a_guest_and_a_member_are_sorted_alike(alone, said, topic):
    text = " ".join(said)
    member = alone.tell(text=text, topic=topic, by=alone["ada"])
    guest = alone.tell(text=text, topic=topic)

    sweep(alone)

    first, second = row(alone, member), row(alone, guest)
    for name in (
        "state", "kind", "topic", "area", "priority", "priority_rank", "sensitivity",
        "team_id", "sorted_by",
    ):  # fmt: skip
        assert getattr(first, name) == getattr(second, name), name
    promised = []
    for made in (member, guest):
        with alone.node.read() as tx:
            mine = select(Pledge).where(Pledge.case_id == made.case_id)
            rows = tx.scalars(mine).all()
            promised.append(sorted((it.kind, it.state, it.need_minutes) for it in rows))
    assert promised[0] == promised[1]


def test_nobody_lets_a_rule_alone_by_themselves(moot):
    words(moot, "heating")
    marking.ask(moot.node, "housing", Kind.CLAIM, URGENT, by=moot["iris"])
    assert (rule(moot).alone, rule(moot).asked_by) == (False, moot.ids["iris"])

    with pytest.raises(SecondPerson):
        marking.agree(moot.node, "housing", "housing.claim/2", by=moot["iris"])
    assert not rule(moot).alone
    marking.agree(moot.node, "housing", "housing.claim/2", by=moot["olga"])

    found = rule(moot)
    assert (found.name, found.alone, found.urgent) == ("housing.claim/3", True, URGENT)
    assert found.asked_by is None
    with moot.node.read() as tx:
        last = tx.scalars(select(TriageRule).where(TriageRule.version == 3)).one()
    assert (last.asked_id, last.second_id) == (moot.ids["iris"], moot.ids["olga"])


def test_one_agrees_to_what_they_saw_and_once(moot):
    words(moot, "heating")
    marking.ask(moot.node, "housing", Kind.CLAIM, URGENT, by=moot["iris"])
    marking.ask(moot.node, "housing", Kind.CLAIM, ["fire"], by=moot["iris"])
    for name in ("housing.claim/1", "housing.claim/2", "work.claim/3", ""):
        with pytest.raises(NotFound):
            marking.agree(moot.node, "housing", name, by=moot["olga"])

    marking.agree(moot.node, "housing", "housing.claim/3", by=moot["olga"])

    with pytest.raises(NotFound):
        marking.agree(moot.node, "housing", "housing.claim/4", by=moot["gus"])
    with pytest.raises(WrongState):
        marking.ask(moot.node, "housing", Kind.CLAIM, URGENT, by=moot["iris"])


def test_one_is_enough_to_put_a_person_back(alone):
    marking.stop(alone.node, "housing", Kind.CLAIM, by=alone["gus"])
    marking.stop(alone.node, "housing", Kind.CLAIM, by=alone["gus"])
    marking.stop(alone.node, "work", Kind.CLAIM, by=alone["gus"])
    made = alone.tell(text=STORY)

    sweep(alone)

    found = rule(alone)
    assert (found.name, found.alone, found.urgent) == ("housing.claim/4", False, ())
    assert row(alone, made).state is State.RECEIVED


def test_other_words_are_agreed_to_anew(alone):
    words(alone, "heating", "boiler")

    found = rule(alone)

    assert (found.name, found.alone, found.urgent) == ("housing.claim/4", False, ())


def test_only_those_who_share_out_cases_let_a_rule_alone(moot):
    words(moot, "heating")
    for who in ("ada", "cleo", "finn"):
        with pytest.raises(Denied):
            marking.ask(moot.node, "housing", Kind.CLAIM, URGENT, by=moot[who])
        with pytest.raises(Denied):
            marking.agree(moot.node, "housing", "housing.claim/1", by=moot[who])
        with pytest.raises(Denied):
            marking.stop(moot.node, "housing", Kind.CLAIM, by=moot[who])
    for topic, kind in (("work", Kind.CLAIM), ("housing", Kind.THANKS), ("none", "x")):
        with pytest.raises(NotFound):
            marking.ask(moot.node, topic, kind, URGENT, by=moot["iris"])
    for topic, urgent in (("housing", ()), ("health", URGENT)):
        with pytest.raises(ChoiceInvalid):
            marking.ask(moot.node, topic, Kind.CLAIM, urgent, by=moot["iris"])
    assert rule(moot).name == "housing.claim/1"


def test_one_person_takes_no_other_rules_urgent_words_out_of_the_way(moot):
    teams.create(moot.node, Described("Homes", Method.MANUAL), by=moot["iris"])
    words(moot, "wages", topic="work")
    marking.ask(moot.node, "work", Kind.CLAIM, ["knife"], by=moot["iris"])
    words(moot, "heating")
    marking.ask(moot.node, "housing", Kind.CLAIM, URGENT, by=moot["iris"])
    marking.agree(moot.node, "housing", "housing.claim/2", by=moot["olga"])

    marking.stop(moot.node, "work", Kind.CLAIM, by=moot["iris"])
    made = moot.tell(text="The heating is off, and he has a knife.")
    moot.village.work(moot.node)

    assert moot.state(made) is State.RECEIVED
