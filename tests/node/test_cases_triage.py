from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from governance.cases import DeadlineSource, Kind, Priority, State
from governance.errors import (
    ChoiceInvalid,
    Denied,
    NotFound,
    ReasonMissing,
    Refusal,
    WrongState,
)
from node import cases, erasing
from node.cases import TriageChoice, TriageItem
from node.core import Collision
from node.erasing import Level, Wish
from node.models.cases import Case
from tests.support.cast import STORY
from tests.support.races import at_once

REASON = "A small child, and no heating."


def choice(**given):
    usual = {
        "kind": Kind.CLAIM,
        "topic": "housing",
        "priority": Priority.NORMAL,
        "area": None,
    }
    return TriageChoice(**{**usual, **given})


@pytest.mark.capability("1.9")
def test_whoever_triages_sees_the_matter_and_not_the_person(moot):
    member = moot.tell(by=moot["ada"], wanted="It repaired.")
    guest = moot.tell(
        name="Ada Lovelace", contact="ada.l@mailbox.example", place="12 Elm Street"
    )

    item = cases.triage_next(moot.node, by=moot["iris"])
    moot.triage(member)
    other = cases.triage_next(moot.node, by=moot["iris"])

    assert (item.reference, other.reference) == (member.reference, guest.reference)
    assert (item.story, item.wanted) == (STORY, "It repaired.")
    assert (item.placed, other.placed) == (False, True)
    shown = repr(item) + repr(other)
    for personal in ("Ada", "Lovelace", "mailbox", "Elm", str(moot.ids["ada"])):
        assert personal not in shown
    assert not {"member_id", "name", "contact", "place", "value", "part"} & {
        field.name for field in fields(TriageItem)
    }


@pytest.mark.capability("1.1")
def test_a_member_and_a_guest_cannot_be_told_apart(moot):
    moot.tell(by=moot["ada"])
    moot.tell()

    first = cases.triage_next(moot.node, by=moot["iris"])
    cases.triage(moot.node, first.reference, choice(), by=moot["iris"])
    second = cases.triage_next(moot.node, by=moot["iris"])

    differing = {
        field.name
        for field in fields(TriageItem)
        if getattr(first, field.name) != getattr(second, field.name)
    }
    assert differing == {"reference", "received_at", "waiting"}


def test_who_waited_longest_comes_first_and_all_who_wait_are_counted(moot):
    made = [moot.tell() for _ in range(3)]

    seen = []
    while item := cases.triage_next(moot.node, by=moot["iris"]):
        seen.append((item.reference, item.waiting))
        cases.triage(moot.node, item.reference, choice(), by=moot["iris"])

    assert seen == [(one.reference, 3 - n) for n, one in enumerate(made)]


def test_a_coordinators_own_case_is_neither_shown_nor_counted(moot):
    own, other = moot.tell(by=moot["iris"]), moot.tell()

    item = cases.triage_next(moot.node, by=moot["iris"])

    assert (item.reference, item.waiting) == (other.reference, 1)
    with pytest.raises(Denied):
        cases.triage(moot.node, own.reference, choice(), by=moot["iris"])
    assert cases.triage_next(moot.node, by=moot["gus"]).reference == own.reference


@pytest.mark.parametrize("who", ["ada", "cleo", "dov", "finn"])
def test_triage_is_for_those_it_was_given_to(moot, who):
    made = moot.tell()

    with pytest.raises(Denied):
        cases.triage_next(moot.node, by=moot[who])
    with pytest.raises(NotFound):
        cases.triage(moot.node, made.reference, choice(), by=moot[who])

    assert moot.state(made) is State.RECEIVED


def test_triage_decides_and_puts_it_into_the_queue(moot):
    made = moot.tell(topic="debt")

    cases.triage(
        moot.node,
        made.reference,
        choice(kind=Kind.QUESTION, area="north", priority=Priority.LOW, reason=REASON),
        by=moot["iris"],
    )

    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (shown.state, shown.queue_place) == (State.QUEUED, 1)
    assert (shown.kind, shown.topic) == (Kind.QUESTION, "housing")
    assert (shown.area_name, shown.priority) == ("Ash", Priority.LOW)


@pytest.mark.parametrize("priority", sorted(set(Priority) - {Priority.NORMAL}))
def test_another_priority_than_normal_has_a_reason_that_the_member_reads(
    moot, priority
):
    made = moot.tell()
    with pytest.raises(ReasonMissing):
        cases.triage(
            moot.node,
            made.reference,
            choice(priority=priority, reason=" "),
            by=moot["iris"],
        )
    assert moot.state(made) is State.RECEIVED

    moot.triage(made, priority, REASON)

    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (shown.priority, shown.priority_reason) == (priority, REASON)
    assert dict(moot.entries(made)[-1].disclosed).get("reason", REASON) == REASON


def test_a_legal_deadline_is_written_down_with_where_it_says_so(moot):
    made = moot.tell()
    soon = moot.node.now().date() + timedelta(days=9)
    given = {"deadline_on": soon, "deadline_source": DeadlineSource.LETTER}
    with pytest.raises(ReasonMissing):  # Its day alone suggests another priority.
        cases.triage(moot.node, made.reference, choice(**given), by=moot["iris"])

    sooner = choice(**given, priority=Priority.HIGH, reason=REASON)
    cases.triage(moot.node, made.reference, sooner, by=moot["iris"])

    for by in (moot.guest(made), moot["iris"]):
        shown = cases.view(moot.node, made.reference, by=by)
        assert (shown.deadline_on, shown.deadline_source) == (soon, "letter")


def test_nothing_is_left_of_a_deadline_in_an_erased_case(moot):
    made = moot.tell(by=moot["ada"])
    given = {"deadline_on": date(2026, 5, 4), "deadline_source": DeadlineSource.COURT}
    cases.triage(moot.node, made.reference, choice(**given), by=moot["iris"])

    wish = Wish(level=Level.CHAIN)
    erasing.erase(moot.node, made.reference, wish, by=moot["ada"])

    with moot.node.read() as tx:
        case = tx.get_one(Case, made.case_id)
        assert (case.deadline_on, case.deadline_source) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "weather"},
        {"area": "nowhere"},
        {"deadline_on": date(2026, 5, 4)},
        {"deadline_source": DeadlineSource.COURT},
    ],
)
def test_triage_chooses_from_the_lists(moot, wrong):
    made = moot.tell()

    with pytest.raises(ChoiceInvalid):
        cases.triage(moot.node, made.reference, choice(**wrong), by=moot["iris"])

    assert moot.state(made) is State.RECEIVED


def test_what_is_in_the_queue_is_not_triaged_again(moot):
    made = moot.tell()
    moot.triage(made)
    before = moot.size()

    with pytest.raises(WrongState):
        moot.triage(made)

    assert moot.size() == before


@pytest.mark.parametrize("areas", ["all", "north"])
def test_one_of_two_who_triage_the_same_case_decides(moot, areas):
    # Whoever triages need not be able to read what they triage.
    made = moot.tell()
    scope = areas if areas == "all" else frozenset({areas})

    def decide(who):
        grants = tuple(replace(one, areas=scope) for one in moot[who].grants)
        try:
            cases.triage(
                moot.node,
                made.reference,
                choice(),
                by=replace(moot[who], grants=grants),
            )
        except (Refusal, Collision):
            return False
        return True

    won = at_once(moot.node, made.case_id, decide, ["iris", "olga"])

    assert sorted(won) == [False, True]
    assert moot.kinds(made).count("status") == 1


def test_a_caution_is_shown_to_whoever_looks_first(moot):
    for _ in range(11):
        moot.tell(source="203.0.113.9")

    cautions = []
    while item := cases.triage_next(moot.node, by=moot["iris"]):
        cautions.append(item.caution)
        cases.triage(moot.node, item.reference, choice(), by=moot["iris"])

    assert cautions == [""] * 10 + ["too-many"]
