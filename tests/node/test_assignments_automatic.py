import json
from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from governance.assignments import Method
from governance.cases import Act, Priority, Sensitivity, State
from governance.errors import ChoiceInvalid, ReasonMissing
from governance.methods import AUTOMATIC, ticket
from governance.rubric import Finding
from ledger import note
from node import assignments, cases, teams, vault, work
from node.models.assignments import Assignment
from node.models.cases import Case
from node.models.log import LedgerCheckpoint
from node.models.rules import Rules
from node.models.teams import Helper
from node.teams import Described, Place
from tests.node.test_cases_triage import choice

PEOPLE = ("cleo", "eve", "gus")


def team(moot, method, *names, **given):
    """Make a team of these advocates; of all three unless some are named."""
    made = teams.create(moot.node, Described("Homes", method, **given), by=moot["iris"])
    for name in names or PEOPLE:
        teams.place(moot.node, made, moot.ids[name], Place.MEMBER, by=moot["iris"])
    return made


def knows(moot, name, **given):
    usual = {"languages": "", "skills": "", "area": None, "capacity": None}
    with moot.node.begin() as tx:
        tx.add(Helper(person_id=moot.ids[name], **{**usual, **given}))


def triage(moot, made, *given, **more):
    """Put a case into the queue, and have done what is owed then."""
    moot.triage(made, *given, **more)
    work.run(moot.node)


def offers(moot, made):
    with moot.node.read() as tx:
        mine = select(Assignment).where(Assignment.case_id == made.case_id)
        return tx.scalars(mine.order_by(Assignment.offered_at, Assignment.id)).all()


def who(moot, made):
    """Return who a case was offered to last, by name; None where nobody has it."""
    names = {id_: name for name, id_ in moot.ids.items()}
    with moot.node.read() as tx:
        return names.get(tx.get_one(Case, made.case_id).responsible_id)


@pytest.mark.capability("1.9")
def test_triage_into_a_team_offers_the_case_by_its_method_at_once(moot):
    team(moot, Method.ROUND_ROBIN)
    made = moot.tell()

    triage(moot, made)

    assert moot.state(made) is State.ASSIGNED
    [offer] = offers(moot, made)
    assert offer.method == "round_robin"
    assert offer.expires_at > moot.node.now()
    last = cases.view(moot.node, made.reference, by=moot.guest(made)).timeline[-1]
    assert (last.act, last.machine) == (Act.ASSIGN, True)
    assert moot.kinds(made)[-2:] == ["status", "assign"]


@pytest.mark.parametrize("method", [Method.MANUAL, Method.TAKE_NEXT])
def test_where_people_choose_the_case_waits_for_them(moot, method):
    team(moot, method)
    made = moot.tell()

    triage(moot, made)

    assert moot.state(made) is State.QUEUED


def test_in_turn_everybody_comes_before_anybody_comes_twice(moot):
    team(moot, Method.ROUND_ROBIN)
    told = [moot.tell() for _ in range(4)]

    for made in told:
        triage(moot, made)
        moot.village.pass_time(minutes=1)

    asked = [who(moot, made) for made in told]
    assert sorted(asked[:3]) == ["cleo", "eve", "gus"]
    assert asked[3] == asked[0]


def test_the_heaviest_cases_count_three_for_whoever_has_room(moot):
    team(moot, Method.LOAD_BALANCED, "cleo", "eve")
    first, second, third = (moot.tell() for _ in range(3))

    triage(moot, first, Priority.URGENT, "A fire.")
    triage(moot, second)
    triage(moot, third)

    assert who(moot, first) != who(moot, second) == who(moot, third)


def test_a_language_that_somebody_speaks_is_a_must(moot):
    team(moot, Method.SKILL_LANGUAGE)
    knows(moot, "eve", languages="pl en")
    knows(moot, "gus", languages="de", skills="housing")
    made = moot.tell()

    cases.triage(moot.node, made.reference, choice(language="pl"), by=moot["iris"])
    work.run(moot.node)

    assert who(moot, made) == "eve"
    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (shown.language, shown.chosen.reasons) == (
        "pl",
        {"language": 2, "role": 1},
    )


def test_people_who_helped_before_come_first(moot):
    first = moot.tell(by=moot["ada"])
    moot.bring(first, State.RESOLVED, "gus")
    moot.act(first, Act.CONFIRM, moot["ada"], answer="solved")
    team(moot, Method.STICKY)
    second, third = moot.tell(by=moot["ada"]), moot.tell(by=moot["ben"])

    for made in (second, third):
        triage(moot, made)

    assert who(moot, second) == "gus"
    assert who(moot, third) != "gus"


def test_neighbours_come_first(moot):
    team(moot, Method.NEIGHBOUR)
    knows(moot, "gus", area="north")
    made = moot.tell()

    triage(moot, made, area="north")

    assert who(moot, made) == "gus"


@pytest.mark.capability("1.9")
def test_a_lot_is_drawn_with_the_first_seal_after_the_case_was_queued(moot):
    team(moot, Method.LOTTERY)
    made = moot.tell()
    triage(moot, made)
    queued_at = moot.node.now()
    assert moot.state(made) is State.QUEUED

    for _ in range(10):
        moot.village.pass_time(minutes=1)
        work.sweep(moot.node)

    with moot.node.read() as tx:
        seal = tx.scalar(
            select(LedgerCheckpoint.note)
            .where(LedgerCheckpoint.at > queued_at)
            .order_by(LedgerCheckpoint.size)
            .limit(1)
        )
    assert moot.state(made) is State.ASSIGNED
    [offer] = offers(moot, made)
    kept = json.loads(offer.explanation)
    lot = ticket(note.parse(seal).text, made.case_id)
    drawn = sorted(assigned_by(lot, moot.ids[name]) for name in PEOPLE)
    assert kept["scores"] == [digest for digest, _ in drawn]
    assert str(offer.advocate_id) == drawn[0][1]


def assigned_by(lot, person):
    return sha256(lot + b"\0" + str(person).encode()).hexdigest()[:16], str(person)


def test_a_draw_that_comes_too_late_or_twice_changes_nothing(moot):
    team(moot, Method.LOTTERY)
    made = moot.tell()
    triage(moot, made)
    assignments.take(moot.node, made.reference, by=moot["cleo"])
    before = moot.size()

    assignments.draw(moot.node, str(made.case_id))
    assignments.draw(moot.node, str(UUID(int=5)))

    assert moot.size() == before
    assert who(moot, made) == "cleo"


def test_who_declines_is_not_asked_again_and_the_next_one_is(moot):
    team(moot, Method.ROUND_ROBIN)
    made = moot.tell()
    triage(moot, made)

    asked = []
    for _ in PEOPLE:
        asked.append(who(moot, made))
        moot.village.pass_time(minutes=1)
        assignments.decline(moot.node, made.reference, "No room.", by=moot[asked[-1]])

    assert sorted(asked) == sorted(PEOPLE)
    assert moot.state(made) is State.QUEUED
    assert json.loads(offers(moot, made)[-1].explanation)["excluded"] == {
        "declined": 2,
        "role": 1,
    }


def test_an_offer_that_nobody_answers_lapses_and_goes_to_the_next(moot):
    team(moot, Method.ROUND_ROBIN, "cleo", "eve")
    made = moot.tell()
    triage(moot, made)
    [offer] = offers(moot, made)

    moot.village.pass_time(seconds=(offer.expires_at - moot.node.now()).total_seconds())
    work.run(moot.node)

    first, second = offers(moot, made)
    assert (first.end_reason, second.advocate_id != first.advocate_id) == (
        "expire",
        True,
    )
    work.run(moot.node)
    assert len(offers(moot, made)) == 2


def test_an_offer_that_was_accepted_does_not_lapse(moot):
    made = moot.tell()
    moot.bring(made, State.ASSIGNED)
    assignments.accept(moot.node, made.reference, by=moot["cleo"])

    moot.village.pass_time(hours=5)
    work.run(moot.node)

    assert moot.state(made) is State.WORKING


def test_a_member_of_the_team_who_is_the_claimant_is_neither_asked_nor_counted(moot):
    team(moot, Method.ROUND_ROBIN, "cleo", "eve")
    made = moot.tell(by=moot["cleo"])

    triage(moot, made)

    assert who(moot, made) == "eve"
    shown = cases.view(moot.node, made.reference, by=moot["cleo"])
    # Eve, and Iris who made the team; not Cleo.
    assert shown.chosen.candidates == 2
    assert shown.chosen.reasons == {"role": 1}


def test_what_is_kept_of_a_choice_names_nobody_who_was_not_chosen(moot):
    team(moot, Method.LOAD_BALANCED)
    knows(moot, "cleo", capacity=0)
    made = moot.tell()

    triage(moot, made)

    [offer] = offers(moot, made)
    for name, id_ in moot.ids.items():
        assert str(id_) not in offer.explanation
        assert name.title() not in offer.explanation
    assert json.loads(offer.explanation)["excluded"] == {"full": 1, "role": 1}


def test_a_sensitive_case_is_for_who_is_cleared_for_it(moot):
    team(moot, Method.ROUND_ROBIN)
    made = moot.tell()

    cases.triage(
        moot.node,
        made.reference,
        choice(sensitivity=Sensitivity.SPECIAL),
        by=moot["iris"],
    )

    assert moot.state(made) is State.QUEUED
    assert assignments.take_next(moot.node, by=moot["cleo"]) is None
    with pytest.raises(ChoiceInvalid):
        assignments.take(moot.node, made.reference, by=moot["cleo"])


@pytest.mark.parametrize("method", sorted(AUTOMATIC))
def test_who_is_asked_does_not_depend_on_who_the_member_is(moot, method):
    team(moot, method)
    knows(moot, "eve", languages="en")
    member = moot.tell(by=moot["ada"])
    guest = moot.tell(name="Countess", contact="c@rich.example", wanted="1000000")

    first, second = (first_offer(moot, made) for made in (member, guest))

    if method is Method.LOTTERY:
        assert first[1]["candidates"] == second[1]["candidates"]
    else:
        assert first == second


def first_offer(moot, made):
    """Return whom a case was offered to and why, as if nothing had been before."""
    with moot.node.begin() as tx:
        tx.get_one(Case, made.case_id).wished_id = moot.ids["gus"]
    triage(moot, made)
    for _ in range(10):
        if who(moot, made) is None:
            moot.village.pass_time(minutes=1)
            work.sweep(moot.node)
    found = who(moot, made), json.loads(offers(moot, made)[0].explanation)
    with moot.node.begin() as tx:
        tx.execute(delete(Assignment))
        tx.get_one(Case, made.case_id).responsible_id = None
    return found


def test_the_answers_of_triage_are_kept_and_suggest_a_priority(moot):
    made = moot.tell()
    found = frozenset({Finding.DEADLINE})
    with pytest.raises(ReasonMissing):
        cases.triage(moot.node, made.reference, choice(found=found), by=moot["iris"])

    reason = "The office gave them more time."
    cases.triage(
        moot.node, made.reference, choice(found=found, reason=reason), by=moot["iris"]
    )

    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert (shown.priority, shown.priority_reason) == (Priority.NORMAL, reason)
    with moot.node.read() as tx:
        case = tx.get_one(Case, made.case_id)
        key = vault.key_of(moot.node, tx, "case", case.id)
    place = vault.Place("case", "rubric", case.id)
    assert vault.words(key, place, case.rubric) == "deadline"


def test_where_the_rules_have_triage_see_the_person_it_does(moot):
    moot.tell(by=moot["ada"])
    moot.tell(by=moot["ada"], place="12 Elm Street")
    first = cases.triage_next(moot.node, by=moot["iris"])
    cases.triage(moot.node, first.reference, choice(), by=moot["iris"])
    seeing(moot.node)

    item = cases.triage_next(moot.node, by=moot["iris"])

    assert first.known is None
    assert (item.known.name, item.known.member, item.known.before) == ("Ada", True, 1)
    assert item.known.place == "12 Elm Street"


def seeing(node):
    """Have the community vote that triage sees who it is."""
    with node.begin() as tx:
        row = tx.scalars(select(Rules)).one()
        document = json.loads(row.document)
        document["params"]["cases"]["blind_triage"] = False
        row.document = json.dumps(document)
    node.memory.clear()
