"""After the end: keep, keep without the name, or delete; and what silence comes to."""

import pytest
from sqlalchemy import select

from governance.cases import State
from governance.consent import Purpose, Standing
from governance.errors import AuthRequired, NotFound, NotYours, WrongState
from governance.resolutions import Answer
from governance.retention import Choice, Due, Phase
from node import (
    cases,
    consent,
    consent_records,
    keeping,
    log,
    resolutions,
    retention,
    tidying,
    together,
)
from node.cases import folding
from node.erasing import Level
from node.keeping import Chosen
from node.log import ChainErased
from node.models.cases import Case
from node.models.retention import Retention
from node.together import Joining
from tests.support.erased import erase, wish
from tests.support.publicly import stored

MAIL = "ada@mailbox.example"


@pytest.fixture
def made(moot):
    made = moot.tell(contact=MAIL, name="canary-name", text="canary-words")
    moot.bring(made, State.CLOSED)
    moot.village.work(moot.node)
    return made


def show(moot, made):
    return keeping.show(moot.node, made.reference, by=moot.guest(made))


def choose(moot, made, choice, words=None):
    given = " ".join(made.words) if words is None else words
    chosen = Chosen(choice, given, "203.0.113.9")
    return keeping.choose(moot.node, made.reference, chosen, by=moot.guest(made))


def days(moot, count):
    """Let days pass, one after the other, with the worker at it."""
    for _ in range(count // 10):
        moot.village.pass_time(days=10)
        moot.village.work(moot.node)


def asked(moot):
    return [
        mail for _, mail in moot.village.mails if "Shall we keep" in mail["Subject"]
    ]


def records(moot, made):
    found = consent_records.records(moot.node, made.reference, by=moot.guest(made))
    kept = [it for it in found if it.purpose is Purpose.KEEP_AFTER_CLOSE]
    return [[state for state, _ in it.events] for it in kept]


def test_a_case_is_asked_about_when_it_closes_and_not_before(moot):
    made = moot.tell(contact=MAIL)
    moot.bring(made, State.WORKING)
    assert show(moot, made).phase is None

    moot.act(made, "resolve", moot["cleo"], text="It is repaired.")
    resolutions.answer(moot.node, made.reference, Answer.SOLVED, by=moot.guest(made))

    assert (show(moot, made).phase, show(moot, made).next) == (Phase.ASKED, Due.REMIND)
    assert records(moot, made) == [[Standing.REQUESTED]]


@pytest.mark.capability("5.17")
@pytest.mark.usefixtures("made")
def test_silence_is_reminded_twice_and_then_the_case_loses_its_name(moot):
    days(moot, 170)
    assert len(asked(moot)) == 2
    assert MAIL in {to for to, _ in moot.village.mails}

    days(moot, 20)

    assert stored(moot.node, Retention.case_id) == []
    (case,) = everything(moot, Case)
    assert (case.state, case.title, case.place) == (State.ERASED, b"", None)
    assert list(folding.verify(moot.node)) == []
    assert list(log.fsck(moot.node)) == []


def everything(moot, model):
    with moot.node.read() as tx:
        found = tx.scalars(select(model)).all()
        tx.expunge_all()
        return found


def test_the_link_of_a_reminder_opens_the_case_after_other_links_ended(moot, made):
    days(moot, 130)

    link = asked(moot)[-1].get_content().split("/c/")[1].split()[0]

    assert cases.open_link(moot.node, link).reference == made.reference


def test_kept_is_kept_for_a_year_and_asked_about_again(moot, made):
    moot.village.pass_time(milliseconds=1)
    choose(moot, made, Choice.KEEP)
    assert show(moot, made).next is Due.ASK_AGAIN
    assert records(moot, made) == [
        [Standing.REQUESTED, Standing.EXPIRED],
        [Standing.GIVEN],
    ]

    days(moot, 370)

    with moot.node.read() as tx:
        row = tx.scalars(select(Retention)).one()
        assert row.phase is Phase.ASKED
    assert len(asked(moot)) == 1
    days(moot, 190)
    assert stored(moot.node, Retention.case_id) == []


def test_taking_back_that_it_is_kept_asks_again(moot, made):
    choose(moot, made, Choice.KEEP)
    by = moot.guest(made)
    found = consent_records.records(moot.node, made.reference, by=by)
    held = [it for it in found if it.purpose is Purpose.KEEP_AFTER_CLOSE and it.held]

    consent.revoke(moot.node, made.reference, held[0].id, by=by)

    assert show(moot, made).phase is Phase.ASKED


def test_without_the_name_needs_more_than_a_link_and_goes_at_once(moot, made):
    with pytest.raises(AuthRequired):
        choose(moot, made, Choice.NAMELESS, words="not these four words")
    assert show(moot, made).phase is Phase.ASKED

    by = moot.guest(made)
    choose(moot, made, Choice.NAMELESS)

    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=by)


def test_deleting_erases_it_whole(moot, made):
    by = moot.guest(made)
    choose(moot, made, Choice.DELETE)

    with pytest.raises(ChainErased):
        cases.view(moot.node, made.reference, by=by)
    assert stored(moot.node, Retention.case_id) == []


def test_a_case_that_is_opened_again_is_asked_about_no_more(moot, made):
    resolutions.reopen(moot.node, made.reference, by=moot.guest(made))

    assert show(moot, made).phase is None
    assert records(moot, made) == [[Standing.REQUESTED, Standing.EXPIRED]]
    with pytest.raises(WrongState):
        choose(moot, made, Choice.KEEP)
    days(moot, 190)
    assert moot.state(made) is State.QUEUED


def test_what_is_due_twice_is_done_once(moot, made):
    moot.village.pass_time(days=61)
    for _ in range(2):
        keeping.due(moot.node, str(made.case_id))

    with moot.node.read() as tx:
        assert tx.scalars(select(Retention.reminders)).one() == 1


def test_cases_that_closed_before_there_was_the_question_are_asked_about(moot, made):
    with moot.node.begin() as tx:
        tx.delete(tx.get_one(Retention, made.case_id))
    moot.village.pass_time(days=400)

    for _ in range(2):
        tidying.tidy(moot.node, "all")

    (row,) = everything(moot, Retention)
    assert row.since == moot.node.now()
    moot.village.work(moot.node)
    assert [one.state for one in everything(moot, Case)] == [State.CLOSED]


@pytest.mark.parametrize("who", ["cleo", "iris"])
def test_nobody_chooses_for_the_member(moot, made, who):
    for choice in (Choice.KEEP,):
        with pytest.raises(NotYours):
            keeping.choose(moot.node, made.reference, Chosen(choice), by=moot[who])
    with pytest.raises(NotYours):
        keeping.show(moot.node, made.reference, by=moot[who])


def test_who_goes_on_with_others_is_asked_once_that_is_over(moot):
    matter = moot.tell()
    moot.bring(matter, State.WORKING)
    by = moot.guest(matter)
    consent.give(moot.node, matter.reference, Purpose.JOIN_COLLECTIVE, "", by=by)
    about = "Damp in Mill Street."
    together.open_matter(moot.node, matter.reference, about, by=moot["gus"])
    made = moot.tell(contact=MAIL)
    joining = Joining(matter=matter.reference, agrees=frozenset())
    together.join(moot.node, made.reference, joining, by=moot.guest(made))
    retention.catch_up(moot.node)
    assert show(moot, made).phase is None

    lines = consent_records.records(moot.node, matter.reference, by=by)
    (row,) = (it for it in lines if it.purpose is Purpose.HANDLE_CASE)
    consent.revoke(moot.node, matter.reference, row.id, by=by)
    moot.village.work(moot.node)

    assert show(moot, made).phase is Phase.ASKED
    retention.joined(moot.node, str(matter.case_id))
    assert len(everything(moot, Retention)) == 2


def test_who_goes_on_with_one_that_is_erased_is_asked_too(moot):
    matter = moot.tell()
    moot.bring(matter, State.WORKING)
    by = moot.guest(matter)
    consent.give(moot.node, matter.reference, Purpose.JOIN_COLLECTIVE, "", by=by)
    together.open_matter(moot.node, matter.reference, "Damp.", by=moot["gus"])
    made = moot.tell(contact=MAIL)
    joining = Joining(matter=matter.reference, agrees=frozenset())
    together.join(moot.node, made.reference, joining, by=moot.guest(made))

    erase(moot, matter, wish(Level.CHAIN, None))
    moot.village.work(moot.node)

    assert show(moot, made).phase is Phase.ASKED


def stop(moot, made):
    by = moot.guest(made)
    lines = consent_records.records(moot.node, made.reference, by=by)
    (row,) = (it for it in lines if it.purpose is Purpose.HANDLE_CASE and it.held)
    consent.revoke(moot.node, made.reference, row.id, by=by)
    moot.village.work(moot.node)


def test_who_goes_on_with_others_is_asked_no_more_once_that_is_open_again(moot):
    matter = moot.common()
    made, other = moot.tell(contact=MAIL), moot.tell()
    joining = Joining(matter=matter.reference, agrees=frozenset())
    together.join(moot.node, made.reference, joining, by=moot.guest(made))
    moot.bring(other, State.CLOSED)
    stop(moot, matter)
    assert show(moot, made).phase is Phase.ASKED
    moot.village.pass_time(days=20)
    choose(moot, made, Choice.KEEP)

    resolutions.reopen(moot.node, matter.reference, by=moot.guest(matter))
    moot.village.work(moot.node)

    assert show(moot, made).phase is None
    assert records(moot, made)[-1] == [Standing.GIVEN, Standing.EXPIRED]
    assert show(moot, other).phase is Phase.ASKED
    retention.catch_up(moot.node)
    retention.joined(moot.node, str(matter.case_id))
    assert show(moot, made).phase is None

    moot.village.pass_time(days=1)
    again = moot.node.now()
    stop(moot, matter)

    assert show(moot, made).phase is Phase.ASKED
    assert show(moot, made).since >= again
