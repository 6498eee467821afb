from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.cases import Act, Outcome, State
from governance.errors import ChoiceInvalid, NotFound, NotYours, WrongState
from governance.intake import Channel
from governance.people import Contact, ContactKind
from node import cases, ladder, people, spoken, threads
from node.cases import folding
from node.models.cases import Case, CaseEvent
from node.models.pledges import ContactAttempt
from node.threads import Words
from tests.node.test_ladder import MAIL, subjects, until
from tests.node.test_pledges_kinds import states


def channels(moot, made):
    with moot.node.read() as tx:
        rows = select(ContactAttempt.channel).where(
            ContactAttempt.case_id == made.case_id
        )
        return list(tx.scalars(rows.order_by(ContactAttempt.number)))


def outcome(moot, made):
    with moot.node.read() as tx:
        return tx.get_one(Case, made.case_id).outcome


def days(moot, number):
    until(moot, moot.village.now + timedelta(days=number))


@pytest.mark.parametrize(("contact", "way"), [(MAIL, "email"), ("", "page")])
def test_a_question_is_asked_three_times_and_then_the_case_closes(moot, contact, way):
    made = moot.tell(contact=contact)
    moot.bring(made, State.WAITING_MEMBER)

    days(moot, 4)
    assert channels(moot, made) == [way]
    days(moot, 4)
    assert channels(moot, made) == [way, way]
    assert moot.state(made) is State.WAITING_MEMBER
    days(moot, 7)

    assert outcome(moot, made) is Outcome.UNREACHABLE
    if contact:
        said = subjects(moot, MAIL)
        assert len([one for one in said if "question" in one]) == 3
        assert any("could not reach you" in one for one in said)


def test_who_could_not_be_reached_opens_the_case_again_without_an_end(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WAITING_MEMBER)
    days(moot, 150)
    assert outcome(moot, made) is Outcome.UNREACHABLE

    moot.act(made, Act.REOPEN, moot["ada"])

    assert cases.view(moot.node, made.reference, by=moot["ada"]).state is State.QUEUED


def test_an_answer_ends_the_asking(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WAITING_MEMBER)
    days(moot, 4)
    words = Words(uuid4(), "Since Monday.")
    threads.write(moot.node, made.reference, words, by=moot.guest(made))
    threads.reply(moot.node, made.reference, Words(uuid4(), "Good."), by=moot["cleo"])

    days(moot, 11)

    assert channels(moot, made) == ["email"]
    assert outcome(moot, made) is None


def test_a_new_question_is_counted_from_its_own_day(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WAITING_MEMBER)
    days(moot, 6)
    cases.resume(moot.node, made.reference, "I know it.", by=moot["cleo"])
    moot.act(made, Act.ASK_MEMBER, moot["cleo"], text="And the kitchen?")

    days(moot, 9)

    assert moot.state(made) is State.WAITING_MEMBER
    assert channels(moot, made) == ["email", "email", "email"]


def test_with_a_second_way_known_one_way_is_not_enough(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WAITING_MEMBER)
    number = Contact(ContactKind.PHONE, "+442079460412")
    with moot.node.begin() as tx:
        member = tx.get_one(Case, made.case_id).member_id
        people.add_contact(moot.node, tx, member, number, verified=False)

    days(moot, 40)

    assert moot.state(made) is State.WAITING_MEMBER
    cleo = subjects(moot, "cleo@ash.example")
    assert len([one for one in cleo if "another way" in one]) >= 3


def test_is_it_solved_is_asked_three_times_and_then_counts_as_no_answer(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.RESOLVED)

    days(moot, 15)

    assert outcome(moot, made) is Outcome.RESOLVED_UNCONFIRMED
    said = subjects(moot, MAIL)
    assert len([one for one in said if "Is it solved?" in one]) == 3
    assert any("no answer came" in one for one in said)
    assert states(moot, made, "confirmation") == ["void"]


def test_who_says_that_it_is_solved_is_not_asked_again(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.CLOSED)

    days(moot, 15)

    assert channels(moot, made) == []
    assert outcome(moot, made) is Outcome.RESOLVED_CONFIRMED


def test_asking_again_twice_at_once_asks_once(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WAITING_MEMBER)
    with moot.node.read() as tx:
        [asked] = tx.scalars(
            select(CaseEvent.seq).where(
                CaseEvent.case_id == made.case_id, CaseEvent.act == Act.ASK_MEMBER
            )
        )
    moot.village.pass_time(days=4)

    for _ in range(3):
        ladder.remind(moot.node, f"{made.case_id}/{asked}")

    assert channels(moot, made) == ["email"]


def test_asking_again_in_a_case_that_is_gone_does_nothing(moot):
    before = moot.size()

    ladder.remind(moot.node, f"{uuid4()}/0")

    assert moot.size() == before


def tried(moot, made, way=Channel.PHONE, by="cleo"):
    spoken.tried(moot.node, made.reference, way, by=moot[by])


def both(moot):
    """A case that waits for a member with an address and a number."""
    made = moot.tell(by=moot["ada"], contact=MAIL)
    moot.bring(made, State.WAITING_MEMBER)
    with moot.node.begin() as tx:
        case = tx.get_one(Case, made.case_id)
        number = Contact(ContactKind.PHONE, "+4930123456")
        people.add_contact(moot.node, tx, case.member_id, number, verified=False)
    return made


def test_a_call_that_nobody_answered_is_the_other_way_that_was_missing(moot):
    made = both(moot)
    days(moot, 15)
    assert outcome(moot, made) is None

    tried(moot, made)
    days(moot, 8)

    assert outcome(moot, made) is Outcome.UNREACHABLE


def test_its_member_reads_who_tried_by_which_way_and_its_seal(moot):
    made = both(moot)
    moot.village.pass_time(hours=2)
    tried(moot, made)
    tried(moot, made, Channel.LETTER)

    view = cases.view(moot.node, made.reference, by=moot["ada"])
    found = [one for one in view.timeline if one.kind == "tried"]

    assert [one.channel for one in found] == [Channel.PHONE, Channel.LETTER]
    assert {(one.who, one.name) for one in found} == {("advocate", "Cleo")}
    entry = moot.entries(made)[found[0].seq]
    assert (entry.kind, entry.role) == ("status", "advocate")
    assert list(folding.verify(moot.node)) == []


def test_the_same_way_twice_in_a_day_is_no_second_try(moot):
    made = both(moot)
    tried(moot, made)

    with pytest.raises(WrongState):
        tried(moot, made)

    moot.village.pass_time(days=1)
    tried(moot, made)
    assert channels(moot, made) == ["phone", "phone"]


def test_only_whoever_works_on_a_case_that_waits_for_its_member_tries(moot):
    made = both(moot)
    for who, refusal in (("ada", NotYours), ("iris", NotYours), ("ben", NotFound)):
        with pytest.raises(refusal):
            tried(moot, made, by=who)
    with pytest.raises(ChoiceInvalid):
        tried(moot, made, Channel.EMAIL)
    words = Words(uuid4(), "Since Monday.")
    threads.write(moot.node, made.reference, words, by=moot["ada"])
    with pytest.raises(WrongState):
        tried(moot, made)
    assert channels(moot, made) == []
