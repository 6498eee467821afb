"""Conflicts of interest: found, declared, challenged, decided, and what follows."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.cases import Act, State
from governance.errors import (
    ChoiceInvalid,
    Denied,
    NotFound,
    NotYours,
    WordsMissing,
    WrongState,
)
from governance.walls import Cause, InterestKind
from node import assignments, cases, challenges, interests, search
from node.cases import folding
from node.erasing.whole import wipe_case
from node.intake import Audience
from node.models.assignments import Assignment
from node.models.cases import Case
from node.models.notices import Notice
from node.models.walls import Interest, Wall
from tests.support import members

PLACE = "Flat 3, 12 Elm Street"
LIVE = [State.ASSIGNED, State.WORKING, State.WAITING_MEMBER, State.WAITING_OTHER]


def walls(moot, made):
    with moot.node.read() as tx:
        rows = tx.scalars(select(Wall).where(Wall.case_id == made.case_id))
        return {(row.person_id, row.cause, row.stands) for row in rows}


def missing(moot, made, name):
    with pytest.raises(NotFound) as refused:
        cases.view(moot.node, made.reference, by=moot[name])
    with pytest.raises(NotFound) as nothing:
        cases.view(moot.node, "AS-0000000", by=moot[name])
    return (refused.value.code, str(refused.value)) == (
        nothing.value.code,
        str(nothing.value),
    )


def declare(moot, name, kind, subject):
    interests.declare(moot.node, kind, subject, by=moot[name])
    moot.village.work(moot.node)


def only(moot, made, by):
    (line,) = challenges.of_case(moot.node, made.reference, by=by)
    return line


@pytest.mark.parametrize("state", LIVE)
def test_the_member_vetoes_their_advocate_who_loses_the_case_at_once(moot, state):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, state)

    challenges.veto(moot.node, made.reference, "He knows her.", by=moot["ada"])

    assert moot.state(made) is State.QUEUED
    assert missing(moot, made, "cleo")
    assert walls(moot, made) == {(moot.ids["cleo"], Cause.VETO, True)}
    assert list(folding.verify(moot.node)) == []
    with moot.node.read() as tx:
        row = tx.scalars(select(Assignment)).one()
        assert row.ended_at is not None
        assert row.note is not None
    assert moot.entries(made)[-1].kind == "status"


def test_a_note_of_the_rules_waits_for_whoever_takes_over(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)

    challenges.veto(moot.node, made.reference, "", by=moot["ada"])
    assignments.take(moot.node, made.reference, by=moot["eve"])

    notes = cases.behind(moot.node, made.reference, by=moot["eve"]).notes
    assert notes == (
        "The rules took this case back: whoever had it must not work on it.",
    )


def test_a_veto_while_a_case_is_resolved_takes_it_back_once_it_is_disputed(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.RESOLVED)

    challenges.veto(moot.node, made.reference, "", by=moot["ada"])
    assert moot.state(made) is State.RESOLVED
    assert missing(moot, made, "cleo")
    moot.act(made, Act.DISPUTE, moot["ada"], text="Still cold.")

    assert moot.state(made) is State.QUEUED


def test_the_same_veto_twice_is_one(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.RESOLVED)

    for _ in range(2):
        challenges.veto(moot.node, made.reference, "", by=moot["ada"])

    assert len(walls(moot, made)) == 1


@pytest.mark.parametrize(
    ("state", "by", "refusal"),
    [
        (State.QUEUED, "ada", WrongState),
        (State.CLOSED, "ada", WrongState),
        (State.WORKING, "iris", NotYours),
        (State.WORKING, "ben", NotFound),
    ],
)
def test_a_veto_is_the_members_about_whoever_has_the_case(moot, state, by, refusal):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, state)

    with pytest.raises(refusal):
        challenges.veto(moot.node, made.reference, "", by=moot[by])

    assert walls(moot, made) == set()


def test_what_a_colleague_says_waits_for_a_decision(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    node, cleo = moot.node, moot.ids["cleo"]

    challenges.challenge(node, made.reference, cleo, "His flat.", by=moot["iris"])

    line = only(moot, made, moot["olga"])
    assert (line.stage, line.stands, line.yours) == ("decide", False, True)
    assert (line.person, line.reason) == ("Cleo", "His flat.")
    assert not only(moot, made, moot["iris"]).yours
    assert [it.id for it in challenges.waiting(node, by=moot["olga"])] == [line.id]
    assert cases.view(node, made.reference, by=moot["cleo"])

    challenges.decide(node, line.id, stands=True, by=moot["olga"])

    assert missing(moot, made, "cleo")
    assert moot.state(made) is State.QUEUED
    assert challenges.waiting(node, by=moot["olga"]) == ()


def test_what_somebody_says_of_themselves_holds_at_once(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    cleo = moot["cleo"]

    challenges.challenge(
        moot.node, made.reference, cleo.person_id, "My street.", by=cleo
    )

    assert missing(moot, made, "cleo")


def test_nobody_decides_about_themselves_or_what_they_raised_or_cannot_see(moot):
    made = moot.tell(by=moot["ada"])
    node, iris = moot.node, moot.ids["iris"]
    challenges.challenge(node, made.reference, iris, "Her sister.", by=moot["olga"])
    (line,) = challenges.of_case(node, made.reference, by=moot["gus"])

    for name in ("iris", "olga", "ada", "ben", "cleo", "dov", "finn"):
        with pytest.raises(NotFound):
            challenges.decide(node, line.id, stands=True, by=moot[name])
        shown = challenges.waiting(node, by=moot[name]) if name != "olga" else ()
        assert shown == ()
    with pytest.raises(NotFound):
        challenges.decide(node, uuid4(), stands=True, by=moot["gus"])
    challenges.decide(node, line.id, stands=True, by=moot["gus"])

    assert missing(moot, made, "iris")


def test_a_lifted_veto_goes_to_a_steward_on_appeal_who_sees_no_case(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    node = moot.node
    challenges.veto(node, made.reference, "She is rude.", by=moot["ada"])
    line = only(moot, made, moot["iris"])
    challenges.decide(node, line.id, stands=False, by=moot["iris"])
    assignments.take(node, made.reference, by=moot["cleo"])

    with pytest.raises(NotFound):
        challenges.appeal(node, line.id, by=moot["ben"])
    challenges.appeal(node, line.id, by=moot["ada"])
    with pytest.raises(NotFound):
        challenges.decide(node, line.id, stands=False, by=moot["iris"])
    (shown,) = challenges.waiting(node, by=moot["dov"])
    assert (shown.stage, shown.yours, shown.reason) == ("appeal", True, "She is rude.")
    challenges.decide(node, line.id, stands=True, by=moot["dov"])

    assert missing(moot, made, "cleo")
    assert missing(moot, made, "dov")
    assert moot.state(made) is State.QUEUED


def test_the_time_to_appeal_ends(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    challenges.veto(moot.node, made.reference, "", by=moot["ada"])
    line = only(moot, made, moot["iris"])
    challenges.decide(moot.node, line.id, stands=False, by=moot["iris"])
    assert only(moot, made, moot["ada"]).may_appeal

    moot.village.pass_time(days=14, seconds=1)

    assert not only(moot, made, moot["ada"]).may_appeal
    with pytest.raises(NotFound):
        challenges.appeal(moot.node, line.id, by=moot["ada"])


def test_a_challenge_names_somebody_who_works_here_and_says_why(moot):
    made = moot.tell(by=moot["ada"])
    node, iris = moot.node, moot["iris"]

    for person in (uuid4(), moot.ids["ada"]):
        with pytest.raises(ChoiceInvalid):
            challenges.challenge(node, made.reference, person, "Why.", by=iris)
    with pytest.raises(WordsMissing):
        challenges.challenge(node, made.reference, moot.ids["cleo"], " ", by=iris)
    with pytest.raises(NotYours):
        challenges.challenge(
            node, made.reference, moot.ids["cleo"], "Why.", by=moot["ada"]
        )

    assert walls(moot, made) == set()


@pytest.mark.parametrize(
    ("kind", "subject", "given"),
    [
        (InterestKind.ADDRESS, "12 elm  STREET", {"place": PLACE}),
        (InterestKind.PERSON, "Ádä Lovelace", {"name": "Ada Lovelace"}),
        (InterestKind.KIN, "kin@mailbox.example", {"contact": "kin@MAILBOX.example"}),
        (InterestKind.KIN, "+44 20 7946 0018", {"contact": "+442079460018"}),
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_a_declared_interest_hides_what_it_meets_old_and_new(
    moot, kind, subject, given, before
):
    if before:
        declare(moot, "eve", kind, subject)
    made = moot.tell(**given)
    other = moot.tell(place="12 Elm Streets", name="Ada", contact="x@mailbox.example")
    for one in (made, other):
        moot.triage(one)
    if not before:
        declare(moot, "eve", kind, subject)

    assert walls(moot, made) == {(moot.ids["eve"], Cause.INTEREST, True)}
    assert walls(moot, other) == set()
    desk = assignments.desk(moot.node, by=moot["eve"])
    assert [line.reference for line in desk.lines] == [other.reference]
    with pytest.raises(NotFound):
        assignments.take(moot.node, made.reference, by=moot["eve"])
    assert assignments.take_next(moot.node, by=moot["eve"]) == other.reference
    assert assignments.take_next(moot.node, by=moot["eve"]) is None


def test_whom_a_case_asks_outside_meets_an_employer(moot):
    declare(moot, "cleo", InterestKind.EMPLOYER, "Housing Office")
    made = moot.tell(by=moot["ada"])

    moot.bring(made, State.WORKING)
    until = (moot.node.now()).replace(year=2027).isoformat()
    moot.act(
        made, Act.ASK_OTHER, moot["cleo"],
        whom="The housing office, Castle Lane", text="When?", until=until,
    )  # fmt: skip

    assert moot.state(made) is State.QUEUED
    assert missing(moot, made, "cleo")


def test_whoever_is_asked_as_somebody_outside_is_a_party_for_good(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    until = (moot.node.now()).replace(year=2027).isoformat()

    moot.act(
        made, Act.ASK_OTHER, moot["cleo"],
        whom="eve@ash.example", text="When?", until=until,
    )  # fmt: skip

    assert walls(moot, made) == {(moot.ids["eve"], Cause.RESPONDENT, True)}
    assert challenges.of_case(moot.node, made.reference, by=moot["iris"]) == ()
    with moot.node.read() as tx:
        wall_id = tx.scalars(select(Wall.id)).one()
    with pytest.raises(WrongState):
        challenges.decide(moot.node, wall_id, stands=False, by=moot["iris"])


def test_a_case_told_from_somebodys_own_address_is_walled_to_them(moot):
    made = moot.tell(contact="cleo@ash.example")

    assert walls(moot, made) == {(moot.ids["cleo"], Cause.HOUSEHOLD, True)}
    assert missing(moot, made, "cleo")


def test_an_interest_never_hides_ones_own_case(moot):
    made = moot.tell(by=moot["cleo"], place=PLACE)

    declare(moot, "cleo", InterestKind.ADDRESS, "Elm Street")

    assert walls(moot, made) == set()
    assert cases.view(moot.node, made.reference, by=moot["cleo"])


def test_what_a_coordinator_lifted_is_not_put_up_again_by_the_rule(moot):
    declare(moot, "eve", InterestKind.ADDRESS, "Elm Street")
    made = moot.tell(place=PLACE)
    line = only(moot, made, moot["iris"])
    challenges.decide(moot.node, line.id, stands=False, by=moot["iris"])

    moot.triage(made)

    assert walls(moot, made) == {(moot.ids["eve"], Cause.INTEREST, False)}


def test_interests_are_read_by_nobody_else_and_are_for_the_desk(moot):
    declare(moot, "eve", InterestKind.BODY, "Castle Lane Works")
    declare(moot, "eve", InterestKind.BODY, "castle lane works")

    (mine,) = interests.mine(moot.node, by=moot["eve"])

    assert (mine.kind, mine.subject) == (InterestKind.BODY, "Castle Lane Works")
    assert interests.mine(moot.node, by=moot["cleo"]) == ()
    with moot.node.read() as tx:
        (row,) = tx.scalars(select(Interest))
        assert b"astle" not in row.subject
    with pytest.raises(NotFound):
        interests.withdraw(moot.node, mine.id, by=moot["cleo"])
    with pytest.raises(Denied):
        interests.mine(moot.node, by=moot["ben"])
    with pytest.raises(Denied):
        declare(moot, "ben", InterestKind.KIN, "Ada Lovelace")


@pytest.mark.parametrize(
    "subject", ["", "a", "??", "one two three four five six seven eight 9"]
)
def test_an_interest_that_would_fit_everything_or_nothing_is_refused(moot, subject):
    with pytest.raises((ChoiceInvalid, WordsMissing)):
        interests.declare(moot.node, InterestKind.KIN, subject, by=moot["eve"])


def test_an_interest_taken_back_meets_nothing_new_and_leaves_no_words(moot):
    declare(moot, "eve", InterestKind.ADDRESS, "Elm Street")
    old = moot.tell(place=PLACE)
    (mine,) = interests.mine(moot.node, by=moot["eve"])

    for _ in range(2):
        interests.withdraw(moot.node, mine.id, by=moot["eve"])

    assert interests.mine(moot.node, by=moot["eve"]) == ()
    assert walls(moot, moot.tell(place=PLACE)) == set()
    assert walls(moot, old) == {(moot.ids["eve"], Cause.INTEREST, True)}
    with moot.node.read() as tx:
        assert tx.scalars(select(Interest.subject)).one() == b""


def test_mail_about_a_walled_case_that_has_not_left_does_not_leave(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.CLOSED)
    challenges.challenge(
        moot.node, made.reference, moot.ids["dov"], "His house.", by=moot["iris"]
    )
    line = only(moot, made, moot["olga"])
    challenges.decide(moot.node, line.id, stands=True, by=moot["olga"])

    moot.act(made, Act.APPEAL, moot["ada"], text="Not so.")

    with moot.node.read() as tx:
        told = tx.scalars(
            select(Notice.person_id).where(Notice.kind == "case.appealed")
        )
        assert moot.ids["dov"] not in set(told)


def test_a_walled_case_takes_no_place_among_the_newest_hits(moot, monkeypatch):
    monkeypatch.setattr(search.finding, "CAP", 2)
    old, middle = (moot.tell(text="heron one"), moot.tell(text="heron two"))
    made = moot.tell(text="heron three", place=PLACE)
    for one in (old, middle, made):
        moot.triage(one)
    declare(moot, "iris", InterestKind.ADDRESS, "Elm Street")
    search.refresh(moot.node)

    found = search.find(moot.node, "heron", by=moot["iris"])

    assert [it.reference for it in found.lines] == [middle.reference, old.reference]


def test_the_desk_withholds_small_totals_from_whoever_declared_an_interest(moot):
    for _ in range(2):
        moot.triage(moot.tell(audience=Audience.ADVOCATES))
    moot.tell()

    plain = assignments.desk(moot.node, by=moot["iris"])
    declare(moot, "iris", InterestKind.ADDRESS, "Elm Street")
    desk = assignments.desk(moot.node, by=moot["iris"])

    assert (plain.open, plain.queued, plain.to_triage) == (3, 2, 1)
    assert (desk.open, desk.queued, desk.to_triage) == (3, None, None)


def test_after_erasure_a_wall_has_no_words(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    challenges.veto(moot.node, made.reference, "He knows her.", by=moot["ada"])
    with moot.node.begin() as tx:
        case = tx.get_one(Case, made.case_id)
        wipe_case(moot.node, tx, case, 0)

    with moot.node.read() as tx:
        assert tx.scalars(select(Wall.reason)).one() is None


def test_a_grant_given_later_finds_the_walls_already_there(moot):
    made = moot.tell(contact="ben@ash.example")

    members.give(moot.node, moot.ids["ben"], "coordinator")

    assert missing(moot, made, "ben")
