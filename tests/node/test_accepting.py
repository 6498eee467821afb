"""What comes in by a channel that brings bytes: once, to its thread, and no loops."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from governance.bonds import BondKind
from governance.cases import Act, Kind, Outcome, Priority, State
from governance.errors import FileTooLarge
from governance.files import Media
from governance.intake import LARGEST_MESSAGE, Course, Identity, Machine
from governance.people import ContactState
from governance.pledges import PledgeKind, PledgeState
from node import assignments, cases, erasing, files, people, plans, threads
from node.accepting import accept
from node.cases import TriageChoice
from node.erasing import Level, Wish
from node.log import ChainErased
from node.models.arrivals import Arrival
from node.models.cases import Case
from node.models.files import Attachment
from node.models.people import ContactPoint, Person
from node.models.pledges import Pledge
from node.models.submissions import Submission
from node.models.threads import Message
from node.models.together import CaseBond
from node.threads import Words
from tests.support.cast import moot_on
from tests.support.drafts import deliver, draft, later, mail, mails, settle
from tests.support.engines import ENGINES, server_of

ADA = "ada@mailbox.example"
STRANGER = "zoe@mailbox.example"


@pytest.fixture(params=ENGINES)
def moot(request, tmp_path):
    """A community where nothing is done but what a test does."""
    with moot_on(server_of(request), tmp_path / "moot") as moot:
        yield moot


@pytest.fixture
def made(moot):
    """A case somebody told by a form, leaving an address, and was written to about."""
    made = moot.tell(contact=ADA)
    settle(moot)
    return made


def asked(moot, made):
    """Let the member be asked something; return the message that tells them."""
    moot.bring(made, State.WAITING_MEMBER)
    settle(moot)
    return mails(moot, ADA)[-1]


def one(moot, model, *where):
    with moot.node.read() as tx:
        return tx.scalars(select(model).where(*where)).one()


def count(moot, model, *where):
    with moot.node.read() as tx:
        return tx.scalar(select(func.count()).select_from(model).where(*where))


def case_of(moot, accepted):
    return one(moot, Case, Case.reference == accepted.reference)


def pledge_of(moot, case, kind):
    return one(moot, Pledge, Pledge.case_id == case.id, Pledge.kind == kind)


def _choice():
    return TriageChoice(
        kind=Kind.CLAIM, topic="housing", priority=Priority.NORMAL, area=None
    )


def _answer(moot, reference):
    """Take a case, if nobody has it, and answer its member."""
    with moot.node.read() as tx:
        waits = tx.scalars(select(Case).where(Case.reference == reference)).one().state
    if waits is State.QUEUED:
        assignments.take(moot.node, reference, by=moot["cleo"])
    words = Words(uuid4(), "Somebody comes tomorrow.")
    threads.reply(moot.node, reference, words, by=moot["cleo"])
    settle(moot)


def _take_back(moot, made):
    moot.act(made, Act.WITHDRAW, moot.guest(made))


def state_of(moot, made):
    """Return how the address stands that the member of a case gave."""
    member = one(moot, Case, Case.id == made.case_id).member_id
    with moot.node.read() as tx:
        found = (
            select(ContactPoint)
            .where(ContactPoint.person_id == member)
            .order_by(ContactPoint.created_at)
        )
        return tx.scalars(found).first().state


def erased(moot, made, wish):
    """Let the member of a case erase something, shown by a code to be them."""
    by = replace(moot.guest(made), fresh=True)
    return erasing.erase(moot.node, made.reference, wish, by=by)


def said(moot, made):
    return cases.view(moot.node, made.reference, by=moot.guest(made)).timeline


def test_what_comes_by_mail_is_a_case_with_promises_from_when_it_came(moot):
    came = moot.node.now() - timedelta(hours=3)
    accepted = deliver(moot, mail("The lift is broken."), received_at=came)

    case = case_of(moot, accepted)
    assert (accepted.course, case.state) == (Course.ANEW, State.RECEIVED)
    assert case.received_at == came
    assert pledge_of(moot, case, PledgeKind.FIRST_RESPONSE).started_at == came
    (sent,) = mails(moot)
    assert case.reference in sent.get_content()
    assert "lift" not in str(sent)


def test_nothing_came_later_than_now(moot):
    ahead = moot.node.now() + timedelta(days=400)
    accepted = deliver(moot, mail("A wrong clock."), received_at=ahead)

    assert case_of(moot, accepted).received_at < moot.node.now()


def test_the_message_that_says_so_is_the_acknowledgement(moot):
    accepted = accept(moot.node, draft(moot, mail("The lift is broken.")))
    case = case_of(moot, accepted)
    before = pledge_of(moot, case, PledgeKind.ACKNOWLEDGE).state
    settle(moot)

    after = pledge_of(moot, case, PledgeKind.ACKNOWLEDGE)
    assert (before, after.state) == (PledgeState.RUNNING, PledgeState.MET)


def test_an_acknowledgement_that_leaves_late_is_late(moot):
    moot.village.mailbox.away = True
    accepted = deliver(moot, mail("The lift is broken."))
    later(moot, minutes=10)
    moot.village.mailbox.away = False
    later(moot, hours=1)

    pledge = pledge_of(moot, case_of(moot, accepted), PledgeKind.ACKNOWLEDGE)
    assert (pledge.state, len(mails(moot))) == (PledgeState.MET_LATE, 1)


def test_what_is_not_acknowledged_by_us_is_by_a_person(moot):
    accepted = deliver(moot, mail("The lift is broken."), quiet=True)
    case = case_of(moot, accepted)
    before = pledge_of(moot, case, PledgeKind.ACKNOWLEDGE).met_at
    cases.triage(moot.node, case.reference, _choice(), by=moot["iris"])
    _answer(moot, case.reference)

    assert before is None
    assert not any("We have it" in one["Subject"] for one in mails(moot))
    assert pledge_of(moot, case, PledgeKind.ACKNOWLEDGE).met_at is not None


def test_exactly_what_came_is_a_file_of_the_case(moot):
    message = mail("Der Aufzug geht nicht. \N{GRINNING FACE}")
    accepted = deliver(moot, message)
    case = case_of(moot, accepted)
    row = one(moot, Attachment, Attachment.case_id == case.id)

    with moot.node.read() as tx:
        line, key = files.opener(moot.node, tx, case.id, row.id)
    assert (line.media, line.name) == (Media.MAIL, "message.eml")
    assert files.raw(moot.node, row.id, key) == message.as_bytes()


def test_the_same_delivered_twice_is_one_case_and_one_receipt(moot):
    message = mail("The lift is broken.")
    first = deliver(moot, message, transport_id="7:1")
    again = deliver(moot, message, transport_id="7:1")

    assert again == replace(first, again=True)
    assert (count(moot, Case), count(moot, Submission)) == (1, 1)
    assert (len(mails(moot)), count(moot, Attachment)) == (1, 1)


def test_the_same_delivered_many_times_at_once_is_one_case_and_one_receipt(moot):
    message = draft(moot, mail("The lift is broken."))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: accept(moot.node, message), range(8)))
    settle(moot)

    assert sorted(one.again for one in found) == [False] + 7 * [True]
    assert len({(one.reference, one.ticket) for one in found}) == 1
    assert (count(moot, Case), count(moot, Attachment), len(mails(moot))) == (1, 1, 1)


def test_what_is_erased_does_not_come_back_with_an_old_copy(moot, made):
    message = mail("And the cellar is wet.", to=mails(moot)[-1])
    deliver(moot, message, transport_id="7:1")
    erased(moot, made, Wish(level=Level.CHAIN))
    settle(moot)
    before = count(moot, Case)

    with pytest.raises(ChainErased):
        deliver(moot, message, transport_id="7:1")
    assert count(moot, Case) == before


def test_words_that_are_erased_take_the_message_they_came_in_along(moot, made):
    message = mails(moot)[-1]
    for text in ("The cellar is wet.", "The roof as well."):
        deliver(moot, mail(text, to=message))
    entry = next(entry for entry in said(moot, made) if "cellar" in entry.text)
    erased(moot, made, Wish(level=Level.CONTENT, seq=entry.seq))
    settle(moot)

    mine = Attachment.case_id == made.case_id
    left = one(moot, Attachment, mine).id
    with moot.node.read() as tx:
        line, key = files.opener(moot.node, tx, made.case_id, left)
    raw = files.raw(moot.node, left, key)
    assert b"roof" in raw
    assert line.media is Media.MAIL
    assert b"cellar" not in raw


def test_a_message_that_is_too_large_is_refused_before_anything_is_kept(moot):
    message = draft(moot, mail("So many pictures."))
    with pytest.raises(FileTooLarge):
        accept(moot.node, replace(message, raw=bytes(LARGEST_MESSAGE + 1)))
    assert count(moot, Arrival) == count(moot, Attachment) == 0


@pytest.mark.parametrize("text", ["", "\x00\x01", "x" * 60_000])
def test_what_cannot_be_read_whole_is_a_case_all_the_same(moot, text):
    message = replace(draft(moot, mail("See the picture.")), text=text)
    case = case_of(moot, accept(moot.node, message))

    assert (case.state, case.caution) == (State.RECEIVED, "unread")


def test_an_answer_to_our_message_goes_on_in_its_thread(moot, made):
    question = asked(moot, made)
    accepted = deliver(moot, mail("Since Monday.", to=question))

    assert (accepted.course, accepted.reference) == (Course.APPEND, made.reference)
    assert moot.state(made) is State.WORKING
    newest = [entry for entry in said(moot, made) if entry.text][-1]
    assert (newest.text.strip(), newest.who) == ("Since Monday.", "you")
    assert newest.channel.value == "email"


@pytest.mark.parametrize(
    "change",
    [
        {"sender": STRANGER},
        {"subject": "Re: AS-1234567"},
    ],
)
def test_neither_a_stranger_nor_a_subject_gets_into_a_thread(moot, made, change):
    question = asked(moot, made)
    to = question if "sender" in change else None
    subject = {"subject": f"Re: {made.reference}"} if to is None else {}
    sender = change.get("sender", ADA)
    accepted = deliver(moot, mail("Since Monday.", sender=sender, to=to, **subject))

    assert (accepted.course, moot.state(made)) == (Course.ANEW, State.WAITING_MEMBER)
    assert accepted.reference != made.reference
    assert "Since Monday" not in str(said(moot, made))


def test_a_sender_the_channel_doubts_does_not_get_in_nor_is_written_to(moot, made):
    question, before = asked(moot, made), len(mails(moot))
    reply = mail("Since Monday.", to=question)
    accepted = deliver(moot, reply, identity=Identity.UNVERIFIED)

    assert accepted.course is Course.ANEW
    case = case_of(moot, accepted)
    assert one(moot, Person, Person.id == case.member_id).identity is (
        Identity.UNVERIFIED
    )
    assert len(mails(moot)) == before


def test_an_advocate_who_answers_our_mail_does_not_speak_for_the_member(moot, made):
    moot.bring(made, State.WORKING)
    with moot.node.begin() as tx:
        mine = people.contact("cleo@desk.example")
        people.add_contact(moot.node, tx, moot.ids["cleo"], mine, verified=True)
    reply = mail("I see to it.", sender="cleo@desk.example", to=mails(moot)[-1])

    assert deliver(moot, reply).course is Course.ANEW


@pytest.mark.usefixtures("made")
def test_a_channel_proves_no_more_than_a_contact(moot):
    accepted = deliver(moot, mail("Another thing."), identity=Identity.VERIFIED)

    member = case_of(moot, accepted).member_id
    assert one(moot, Person, Person.id == member).identity is Identity.MATCHED


def test_whoever_has_the_token_is_heard_and_named_as_somebody_else(moot, made):
    asked(moot, made)
    reply = mail("She is in hospital.", sender=STRANGER)
    accepted = deliver(moot, reply, reply_to=made.case_id)

    assert (accepted.course, moot.state(made)) == (Course.APPEND, State.WORKING)
    entry = next(one for one in said(moot, made) if "hospital" in one.text)
    assert (entry.who, entry.name, entry.machine) == ("outside", STRANGER, False)
    assert all(receipt.valid for receipt in moot.entries(made))


def test_a_token_brings_no_closed_case_back_for_somebody_else(moot, made):
    moot.bring(made, State.CLOSED)
    reply = mail("She is in hospital.", sender=STRANGER)
    accepted = deliver(moot, reply, reply_to=made.case_id)

    assert (accepted.course, moot.state(made)) == (Course.ANEW, State.CLOSED)
    assert count(moot, CaseBond) == 0


def test_an_answer_brings_a_closed_case_back_and_later_a_new_one_follows(moot, made):
    moot.bring(made, State.CLOSED)
    settle(moot)
    message = mails(moot)[-1]
    first = deliver(moot, mail("It is cold again.", to=message))
    state = moot.state(made)
    moot.village.pass_time(days=1)
    _take_back(moot, made)
    later(moot, days=91)
    second = deliver(moot, mail("And again.", to=message))

    assert (first.course, state) == (Course.REOPEN, State.QUEUED)
    assert second.course is Course.FOLLOW
    case = case_of(moot, second)
    bond = one(moot, CaseBond)
    assert (bond.from_id, bond.to_id, bond.kind) == (
        case.id,
        made.case_id,
        BondKind.FOLLOWS,
    )
    assert case.member_id == one(moot, Case, Case.id == made.case_id).member_id


def test_a_case_comes_back_by_mail_three_times_a_day_and_no_more(moot, made):
    message, courses = mails(moot)[-1], Counter()
    moot.bring(made, State.CLOSED)
    for number in range(5):
        accepted = deliver(moot, mail(f"Again {number}.", to=message))
        courses[accepted.course] += 1
        if accepted.course is Course.REOPEN:
            _take_back(moot, made)

    assert courses == {Course.REOPEN: 3, Course.FOLLOW: 2}
    later(moot, days=2)
    assert deliver(moot, mail("Tomorrow.", to=message)).course is Course.REOPEN


def test_who_goes_on_with_others_does_not_leave_them_by_answering_news(moot, made):
    message, matter = mails(moot)[-1], moot.common()
    moot.act(made, Act.JOIN, moot.guest(made), matter=matter.reference)
    accepted = deliver(moot, mail("Thank you for the news!", to=message))

    assert (accepted.course, moot.state(made)) == (Course.FOLLOW, State.CLOSED)
    own = one(moot, Case, Case.id == made.case_id)
    assert own.outcome is Outcome.JOINED


@pytest.mark.parametrize("machine", list(Machine)[1:])
def test_a_machine_moves_no_case_and_keeps_no_promise(moot, made, machine):
    question = asked(moot, made)
    with moot.node.read() as tx:
        before = list(tx.execute(select(Pledge.kind, Pledge.met_at, Pledge.due_at)))
    accepted = deliver(
        moot, mail("I am away.", to=question), machine=machine, reply_to=made.case_id
    )

    with moot.node.read() as tx:
        after = list(tx.execute(select(Pledge.kind, Pledge.met_at, Pledge.due_at)))
    assert sorted(map(str, before)) == sorted(map(str, after))
    assert (moot.state(made), count(moot, Case)) == (State.WAITING_MEMBER, 1)
    assert accepted.course not in {Course.ANEW, Course.APPEND, Course.REOPEN}
    assert len(mails(moot)) == 2


def test_a_machine_answers_are_folded_into_the_thread_as_a_machines(moot, made):
    question = asked(moot, made)
    away = mail("I am away until May.", to=question)
    accepted = deliver(moot, away, machine=Machine.AUTO_REPLY)

    entry = next(one for one in said(moot, made) if "until May" in one.text)
    assert accepted.course is Course.NOTE
    assert (entry.machine, entry.minor, entry.who) == (True, True, "outside")
    assert one(moot, Case).member_wrote_last is False
    assert one(moot, Message, Message.human.is_(False)).author_id is None


@pytest.mark.parametrize("machine", list(Machine)[1:])
def test_a_machine_that_answers_nothing_of_ours_stays_with_its_channel(moot, machine):
    accepted = deliver(moot, mail("Buy now!"), machine=machine)

    assert (accepted.course, accepted.reference) == (Course.ASIDE, "")
    assert (count(moot, Case), count(moot, Attachment), mails(moot)) == (0, 0, [])


def test_what_bounced_is_marked_and_somebody_tries_another_way(moot, made):
    question = asked(moot, made)
    bounce = mail("550 no such user", sender="mailer-daemon@b.example", to=question)
    accepted = deliver(moot, bounce, machine=Machine.BOUNCE, permanent=True)

    assert accepted.course is Course.UNREACHED
    assert state_of(moot, made) is ContactState.HARD_BOUNCE
    (step,) = plans.show(moot.node, made.reference, by=moot["cleo"]).steps
    assert step.title == "The member was not reached by mail. Try another way."


def test_what_bounced_is_told_again_where_there_is_another_address(moot, made):
    with moot.node.begin() as tx:
        member = tx.get_one(Case, made.case_id).member_id
        other = people.contact("ada@work.example")
        people.add_contact(moot.node, tx, member, other, verified=False)
    question = asked(moot, made)
    deliver(moot, mail("550", to=question), machine=Machine.BOUNCE, permanent=True)

    (again,) = mails(moot, "ada@work.example")
    assert again["Subject"] == question["Subject"]


def test_passing_failures_are_one_that_lasts_at_the_third_in_a_week(moot, made):
    question, states = asked(moot, made), []
    for days in (0, 8, 1, 1):
        later(moot, days=days)
        deliver(moot, mail("452", to=question), machine=Machine.BOUNCE)
        states.append(state_of(moot, made))

    soft, hard = ContactState.SOFT_BOUNCE, ContactState.HARD_BOUNCE
    assert states == [soft, soft, soft, hard]
    steps = plans.show(moot.node, made.reference, by=moot["iris"]).steps
    assert len(steps) <= 1


def test_whoever_complains_is_written_to_no_more(moot, made):
    question = asked(moot, made)
    report = mail("complaint", sender="fbl@provider.example", to=question)
    deliver(moot, report, machine=Machine.ABUSE_REPORT)
    before = len(mails(moot))
    _answer(moot, made.reference)

    assert state_of(moot, made) is ContactState.DO_NOT_CONTACT
    assert len(mails(moot)) == before


def test_nobody_silences_somebody_whose_messages_they_do_not_know(moot, made):
    forged = mail("550 no such user", sender="mailer-daemon@b.example")
    forged["In-Reply-To"] = "<made-up@ash.example>"
    for machine in (Machine.BOUNCE, Machine.ABUSE_REPORT):
        deliver(moot, forged, machine=machine, permanent=True)

    assert state_of(moot, made) is ContactState.OK


def test_a_machine_that_says_it_is_a_person_makes_no_loop(moot):
    answered, rounds = 0, 0
    deliver(moot, mail("The lift is broken."))
    while answered < len(mails(moot)) and rounds < 50:
        newest = mails(moot)[answered]
        answered, rounds = answered + 1, rounds + 1
        deliver(moot, mail("Thank you for your message!", to=newest))
        deliver(moot, mail("Thank you for your message!"))

    assert rounds == 1
    assert count(moot, Case) == 2
    assert len(mails(moot)) == 1
