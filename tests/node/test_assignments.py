from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from governance.cases import Act, Priority, State
from governance.errors import (
    ChoiceInvalid,
    Denied,
    NotFound,
    NotYours,
    ReasonMissing,
    Refusal,
)
from node import assignments, cases
from node.core import Collision
from node.intake import Audience
from node.models.assignments import Assignment
from tests.support import members
from tests.support.races import at_once


def queued(moot, **given):
    made = moot.tell(**given)
    moot.bring(made, State.QUEUED)
    return made


def offers(moot, made):
    with moot.node.read() as tx:
        mine = select(Assignment).where(Assignment.case_id == made.case_id)
        return tx.scalars(mine.order_by(Assignment.offered_at)).all()


def test_the_next_case_is_the_urgent_one_and_then_the_one_due_first(moot):
    older, newer, urgent = (moot.tell() for _ in range(3))
    for made in (newer, older):
        moot.triage(made)
    moot.triage(urgent, Priority.URGENT, "No heating, with a small child.")

    taken = [assignments.take_next(moot.node, by=moot["cleo"]) for _ in range(4)]

    assert taken == [urgent.reference, older.reference, newer.reference, None]


def test_taking_names_somebody_to_the_member(moot):
    made = queued(moot)

    assignments.take(moot.node, made.reference, by=moot["cleo"])

    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (shown.state, shown.responsible.name) == (State.WORKING, "Cleo")
    assert moot.kinds(made)[-2:] == ["assign", "status"]


@pytest.mark.parametrize("who", ["ada", "iris", "dov", "finn"])
def test_the_queue_is_for_advocates(moot, who):
    made = queued(moot)

    with pytest.raises(Denied):
        assignments.take_next(moot.node, by=moot[who])
    with pytest.raises(Refusal):
        assignments.take(moot.node, made.reference, by=moot[who])

    assert moot.state(made) is State.QUEUED


@pytest.mark.parametrize("typed", ["lower", "bare", "\0", "", "AM-0000000"])
def test_a_case_is_taken_however_its_reference_was_typed(moot, typed):
    made = queued(moot)
    forms = {
        "lower": made.reference.lower(),
        "bare": made.reference.replace("-", " "),
    }

    if typed in forms:
        assignments.take(moot.node, forms[typed], by=moot["cleo"])
        assert moot.state(made) is State.WORKING
    else:
        with pytest.raises(NotFound):
            assignments.take(moot.node, typed, by=moot["cleo"])


def test_one_of_two_who_take_the_same_case_gets_it(moot):
    made = queued(moot)

    def take(by):
        try:
            assignments.take(moot.node, made.reference, by=by)
        except (Refusal, Collision):
            return False
        return True

    won = at_once(moot.node, made.case_id, take, [moot["cleo"], moot["eve"]])

    assert sorted(won) == [False, True]
    assert moot.kinds(made).count("assign") == 1


def test_two_who_take_the_next_one_get_different_cases(moot):
    first, second = queued(moot), queued(moot)

    with ThreadPoolExecutor(2) as both:
        taken = set(
            both.map(
                lambda by: assignments.take_next(moot.node, by=by),
                [moot["cleo"], moot["eve"]],
            )
        )

    assert taken == {first.reference, second.reference}


def test_an_advocates_own_case_is_not_in_their_queue_nor_on_their_desk(moot):
    made = queued(moot, by=moot["cleo"])
    before = assignments.desk(moot.node, by=moot["cleo"])

    assert assignments.take_next(moot.node, by=moot["cleo"]) is None
    with pytest.raises(Refusal):
        assignments.take(moot.node, made.reference, by=moot["cleo"])

    assert (before.lines, before.open, before.queued) == ((), 0, 0)
    assert assignments.take_next(moot.node, by=moot["eve"]) == made.reference


@pytest.mark.parametrize("who", ["ada", "iris", "dov", "gus"])
def test_a_case_is_offered_to_nobody_who_must_not_work_on_it(moot, who):
    made = queued(moot, by=moot["gus"])

    with pytest.raises(ChoiceInvalid):
        assignments.assign(moot.node, made.reference, moot.ids[who], by=moot["iris"])

    assert moot.kinds(made)[-1] == "status"


@pytest.mark.capability("1.21")
def test_an_office_that_ended_is_offered_nothing(moot):
    person = members.join(moot.node, "hal@ash.example")
    members.give(moot.node, person, "advocate", days=1)
    moot.village.pass_time(days=1)
    made = queued(moot)

    with pytest.raises(ChoiceInvalid):
        assignments.assign(moot.node, made.reference, person, by=moot["iris"])


def test_an_offer_is_for_one_person_until_they_accept(moot):
    made = moot.tell()
    moot.bring(made, State.ASSIGNED)

    with pytest.raises(NotFound):
        assignments.accept(moot.node, made.reference, by=moot["eve"])
    with pytest.raises(NotYours):
        assignments.accept(moot.node, made.reference, by=moot["iris"])
    assignments.accept(moot.node, made.reference, by=moot["cleo"])

    assert moot.state(made) is State.WORKING
    [offer] = offers(moot, made)
    assert (offer.accepted_at, offer.ended_at) == (moot.node.now(), None)


def test_giving_back_needs_a_reason_which_the_member_reads(moot):
    made = moot.tell()
    moot.bring(made, State.ASSIGNED)
    before = moot.size()
    with pytest.raises(ReasonMissing):
        assignments.decline(moot.node, made.reference, " ", by=moot["cleo"])
    assert moot.size() == before

    assignments.decline(moot.node, made.reference, "I know them.", by=moot["cleo"])

    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (shown.state, shown.responsible) == (State.QUEUED, None)
    assert shown.timeline[-1].reason == "I know them."
    assert [offer.end_reason for offer in offers(moot, made)] == ["declined"]
    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["cleo"])


def test_an_offer_of_before_is_not_touched_by_the_next(moot):
    made = moot.tell()
    moot.bring(made, State.CLOSED)
    moot.village.pass_time(days=1)
    moot.act(made, Act.REOPEN, moot.guest(made))

    assignments.take(moot.node, made.reference, by=moot["eve"])

    first, second = offers(moot, made)
    assert (first.end_reason, second.ended_at) == ("confirm", None)
    assert first.accepted_at < second.accepted_at


def test_how_somebody_was_found_is_kept_in_figures(moot):
    made = moot.tell()
    moot.bring(made, State.ASSIGNED)

    [offer] = offers(moot, made)

    # Cleo, Eve and Gus; nobody else holds the role.
    assert (offer.method, offer.candidates) == ("manual", 3)
    assert offer.rules


def test_advocates_see_of_the_queue_no_more_than_that_it_waits(moot):
    secret = queued(moot, text="My secret trouble.")
    shared = queued(moot, text="Read it, all of you.", audience=Audience.ADVOCATES)
    mine = moot.tell(text="Already mine.")
    moot.bring(mine, State.WORKING)

    desk = assignments.desk(moot.node, by=moot["cleo"])

    assert {line.reference: line.title for line in desk.lines} == {
        secret.reference: "",
        shared.reference: "Read it, all of you",
        mine.reference: "Already mine",
    }
    assert (desk.open, desk.queued) == (3, 2)
    assert (desk.may_take, desk.may_triage, desk.to_triage) == (True, False, 0)
    assert assignments.colleagues(moot.node, by=moot["cleo"]) == ()


def test_what_another_advocate_works_on_is_not_on_the_desk(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING, by="eve")

    desk = assignments.desk(moot.node, by=moot["cleo"])

    assert (desk.lines, desk.open) == ((), 0)


def test_coordinators_see_everything_but_their_own(moot):
    told = [moot.tell(text=f"Matter {n} of many.") for n in range(3)]
    moot.tell(by=moot["iris"])

    desk = assignments.desk(moot.node, by=moot["iris"])

    assert [line.title for line in desk.lines] == [
        f"Matter {n} of many" for n in range(3)
    ]
    assert (desk.open, desk.to_triage) == (len(told), len(told))
    known = assignments.colleagues(moot.node, by=moot["iris"])
    assert [one.name for one in known] == ["Cleo", "Eve", "Gus"]


def test_a_coordinator_of_one_area_sees_nothing_of_another(moot):
    person = members.join(moot.node, "nora@ash.example")
    members.give(moot.node, person, "coordinator")
    moot.ids["nora"] = person
    nora = moot["nora"]
    north, south = moot.tell(area="north"), moot.tell(area="south")
    only = tuple(replace(one, areas=frozenset({"north"})) for one in nora.grants)

    desk = assignments.desk(moot.node, by=replace(nora, grants=only))

    assert [line.reference for line in desk.lines] == [north.reference]
    assert desk.open == 1
    with pytest.raises(NotFound):
        cases.view(moot.node, south.reference, by=replace(nora, grants=only))


@pytest.mark.parametrize("who", ["ada", "dov", "finn"])
def test_the_desk_is_for_those_who_work_there(moot, who):
    with pytest.raises(Denied):
        assignments.desk(moot.node, by=moot[who])
    assert assignments.colleagues(moot.node, by=moot[who]) == ()


def test_whoever_is_asked_to_do_something_sees_their_turn(moot):
    made = moot.tell()
    moot.bring(made, State.ASSIGNED)

    turns = {
        who: [line.turn for line in assignments.desk(moot.node, by=moot[who]).lines]
        for who in ("cleo", "iris")
    }

    assert turns == {"cleo": [True], "iris": [False]}
