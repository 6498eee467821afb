from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.assignments import (
    Candidate,
    Exclusion,
    Matter,
    Method,
    eligible,
    exclusion,
    explain,
)
from governance.cases import Priority, Sensitivity
from governance.queues import queue_order
from governance.roles import Grant
from governance.walls import Walls
from tests.governance.documents import bylaws

RULES = bylaws()
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ADA, BEN, CLEO, DOV = (UUID(int=number) for number in range(1, 5))
HELD = Grant("advocate", AT - DAY, AT + DAY)
MATTER = Matter(
    walls=Walls(frozenset({ADA}), frozenset({BEN})), topic="housing", area="ward-3"
)


def candidate(person=CLEO, *grants, **more):
    return Candidate(person=person, grants=grants or (HELD,), **more)


def why(someone, matter=MATTER):
    return exclusion(someone, matter, rules=RULES, at=AT)


def test_an_advocate_with_time_is_asked():
    assert why(candidate()) is None
    assert why(candidate(load=2, capacity=3)) is None


@pytest.mark.parametrize(
    ("someone", "reason"),
    [
        (candidate(CLEO, Grant("advocate", AT - DAY, AT)), Exclusion.ROLE),
        (candidate(CLEO, replace(HELD, role="treasurer")), Exclusion.ROLE),
        (Candidate(person=CLEO, grants=()), Exclusion.ROLE),
        (candidate(CLEO, replace(HELD, topics=frozenset({"health"}))), Exclusion.SCOPE),
        (candidate(CLEO, replace(HELD, areas=frozenset({"ward-4"}))), Exclusion.SCOPE),
        (candidate(away=True), Exclusion.AWAY),
        (candidate(load=3, capacity=3), Exclusion.FULL),
        (candidate(capacity=0), Exclusion.FULL),
    ],
)
def test_who_cannot_be_asked_is_told_apart_by_reason(someone, reason):
    assert why(someone) is reason


def test_scopes_of_two_grants_are_not_mixed():
    topic = replace(HELD, areas=frozenset())
    area = replace(HELD, topics=frozenset())

    assert why(candidate(CLEO, topic, area)) is Exclusion.SCOPE


def test_a_case_without_topic_is_for_those_with_every_topic():
    untold = replace(MATTER, topic=None)

    assert why(candidate(), untold) is None
    assert (
        why(candidate(CLEO, replace(HELD, topics=frozenset({"housing"}))), untold)
        is Exclusion.SCOPE
    )


def test_special_matters_need_a_clearance():
    special = replace(MATTER, sensitivity=Sensitivity.SPECIAL)
    cleared = replace(HELD, clearance=frozenset({"special"}))

    assert why(candidate(), special) is Exclusion.CLEARANCE
    assert why(candidate(CLEO, cleared), special) is None


def test_whom_the_member_refused_is_not_asked_again():
    assert why(candidate(), replace(MATTER, refused=frozenset({CLEO}))) is (
        Exclusion.REFUSED
    )


def test_in_a_community_where_stewards_do_casework_a_steward_is_asked():
    steward = candidate(CLEO, replace(HELD, role="steward"))

    assert why(steward) is Exclusion.ROLE
    assert exclusion(steward, MATTER, rules=bylaws(name="starter"), at=AT) is None


def test_a_rule_that_denies_makes_nobody_an_advocate():
    row = {"role": "treasurer", "verb": "case.accept", "effect": "deny", "when": []}
    treasurer = candidate(CLEO, replace(HELD, role="treasurer"))

    rules = bylaws({"/permissions/no": row})

    assert exclusion(treasurer, MATTER, rules=rules, at=AT) is Exclusion.ROLE


@pytest.mark.parametrize("person", [ADA, BEN])
def test_nobody_behind_a_wall_is_asked_or_counted(person):
    people = [candidate(person), candidate(DOV)]

    explained = explain(Method.TAKE_NEXT, people, MATTER, rules=RULES, at=AT)

    assert eligible(people, MATTER, rules=RULES, at=AT) == (candidate(DOV),)
    assert (explained.candidates, explained.eligible) == (1, 1)
    assert not explained.excluded


@pytest.mark.capability("1.9")
def test_an_explanation_counts_reasons_and_names_nobody():
    people = [candidate(), candidate(DOV, away=True), candidate(UUID(int=9), away=True)]

    explained = explain(Method.MANUAL, people, MATTER, rules=RULES, at=AT)

    assert explained.method is Method.MANUAL
    assert explained.excluded == {Exclusion.AWAY: 2}
    assert (explained.candidates, explained.eligible) == (3, 1)
    assert explained.rules == RULES.identity


@given(st.lists(st.builds(candidate, st.sampled_from([ADA, BEN, CLEO, DOV]))))
def test_whatever_is_asked_the_own_case_is_a_wall(people):
    asked = {it.person for it in eligible(people, MATTER, rules=RULES, at=AT)}

    assert not asked & {ADA, BEN}


@dataclass(frozen=True)
class Waiting:
    priority: Priority
    first_response_due: datetime | None
    received_at: datetime
    value: int = 0
    is_member: bool = False


moments = st.integers(0, 50).map(lambda hours: AT + timedelta(hours=hours))
waiting = st.builds(
    Waiting, st.sampled_from(sorted(Priority)), st.none() | moments, moments
)


@pytest.mark.capability("1.2")
@given(st.lists(waiting), st.data())
def test_neither_value_nor_membership_moves_a_case_in_the_queue(cases, data):
    changed = [
        replace(
            case,
            value=data.draw(st.integers(0, 10**9)),
            is_member=data.draw(st.booleans()),
        )
        for case in cases
    ]

    before = sorted(range(len(cases)), key=lambda it: queue_order(cases[it]))
    after = sorted(range(len(cases)), key=lambda it: queue_order(changed[it]))

    assert before == after


@given(waiting, waiting)
def test_urgent_goes_first_then_what_is_due_then_what_came_first(one, other):
    first = min(one, other, key=queue_order)
    urgent = [it for it in (one, other) if it.priority is Priority.URGENT]
    due = [it.first_response_due for it in (one, other) if it.first_response_due]

    if len(urgent) == 1:
        assert first == urgent[0]
    elif len(set(due)) == 2 or len(due) == 1:
        assert first.first_response_due == min(due)
    else:
        assert first.received_at == min(one.received_at, other.received_at)


def test_the_scope_of_a_grant_can_be_some_teams():
    homes = replace(MATTER, team="homes")
    theirs, others = (
        candidate(CLEO, replace(HELD, teams=frozenset({name})))
        for name in ("homes", "debts")
    )

    assert why(theirs, homes) is None
    assert why(others, homes) is Exclusion.SCOPE
    assert why(theirs) is Exclusion.SCOPE


def test_whom_a_method_leaves_out_is_counted_by_its_reason():
    polish = replace(MATTER, language="pl")

    assert why(candidate(), polish) is Exclusion.LANGUAGE
    assert why(candidate(languages=frozenset({"pl"})), polish) is None
    assert (
        why(candidate(), replace(MATTER, declined=frozenset({CLEO})))
        is Exclusion.DECLINED
    )
