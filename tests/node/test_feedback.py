"""What a member says about how their case was handled, and what comes of it."""

import ast
from uuid import uuid4

import pytest
from sqlalchemy import select

from governance.access import Field, Ground
from governance.cases import Act, State
from governance.consent import Purpose
from governance.errors import (
    ChoiceInvalid,
    IdempotencyMismatch,
    NotFound,
    NotYours,
    WrongState,
)
from governance.retention import Choice
from governance.walls import Cause
from node import (
    access,
    assignments,
    cases,
    consent,
    feedback,
    keeping,
    own_data,
    restricting,
)
from node.database import Model
from node.erasing import Level
from node.feedback import Said
from node.keeping import Chosen
from node.models.feedback import Feedback
from node.models.walls import Wall
from tests.house.reading import ROOT
from tests.node.test_claimants import SOLVED, street_in
from tests.support.erased import erase, settle, stores, wish

CANARY = "canary: kind on the telephone, and slow with every letter"
ANSWER = "canary too: you waited for the letters, and I am sorry."


def closed(moot, by="cleo"):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.CLOSED, by)
    return made


@pytest.fixture
def made(moot):
    return closed(moot)


def give(moot, made, rating=2, text=CANARY, by=None):
    said = Said(uuid4(), rating, text)
    feedback.give(moot.node, made.reference, said, by=by or moot.guest(made))
    moot.village.pass_time(milliseconds=1)
    return said


def answer(moot, made, by="cleo", text=ANSWER):
    feedback.answer(moot.node, made.reference, text, by=moot[by])
    moot.village.pass_time(milliseconds=1)


def shown(moot, made, by=None):
    who = moot[by] if by else moot.guest(made)
    return feedback.show(moot.node, made.reference, by=who)


def reopened(moot, made, by="eve"):
    """Let a closed case be somebody else's."""
    moot.act(made, Act.REOPEN, moot.guest(made), reason="It is cold again.")
    assignments.take(moot.node, made.reference, by=moot[by])


def wall(moot, made, who):
    with moot.node.begin() as tx:
        standing = Wall(
            id=uuid4(),
            case_id=made.case_id,
            person_id=moot.ids[who],
            cause=Cause.INTEREST,
            stands=True,
            raised_at=moot.node.now(),
        )
        tx.add(standing)


def told(moot, about):
    moot.village.work(moot.node)
    found = moot.village.mails
    return sorted(
        to.partition("@")[0] for to, mail in found if about in mail["Subject"]
    )


def actions(moot, made):
    return [
        (it.role, dict(it.disclosed)["action"])
        for it in moot.entries(made)
        if str(dict(it.disclosed).get("action")).startswith("feedback.")
    ]


def test_a_member_says_how_it_was_and_whom_it_is_about_answers_once(moot, made):
    before = shown(moot, made)
    assert (before.said, before.says, before.takes_back) == (None, True, False)
    assert before.about == "Cleo"
    assert shown(moot, made, "cleo").said is None

    give(moot, made)
    desk = shown(moot, made, "cleo")
    assert (desk.said.rating, desk.said.text, desk.said.about) == (2, CANARY, "Cleo")
    assert (desk.own, desk.says, desk.takes_back, desk.answers) == (
        False,
        False,
        False,
        True,
    )
    answer(moot, made)

    said = shown(moot, made).said
    assert (said.rating, said.text) == (2, CANARY)
    assert (said.answer, said.answered_by) == (ANSWER, "Cleo")
    assert said.given_at < said.answered_at
    assert not shown(moot, made, "cleo").answers
    with pytest.raises(WrongState):
        answer(moot, made, text="And another thing.")


def test_it_is_said_once_the_case_is_closed_and_not_before(moot):
    made = moot.tell()
    moot.bring(made, State.RESOLVED)

    assert not shown(moot, made).says
    with pytest.raises(WrongState):
        give(moot, made)
    moot.act(made, Act.CONFIRM, moot.guest(made), answer="solved")
    give(moot, made, 5, "")

    assert (shown(moot, made).said.rating, shown(moot, made).said.text) == (5, "")


@pytest.mark.parametrize("rating", [0, 6])
def test_there_is_no_number_below_one_or_above_five(moot, made, rating):
    with pytest.raises(ChoiceInvalid):
        give(moot, made, rating)


def test_sent_twice_is_said_once_and_a_number_is_for_the_same_words(moot, made):
    said, by = give(moot, made), moot.guest(made)
    feedback.give(moot.node, made.reference, said, by=by)

    assert actions(moot, made) == [("guest", "feedback.give")]
    for other in (Said(said.id, 3, CANARY), Said(said.id, 2, "Other words.")):
        with pytest.raises(IdempotencyMismatch):
            feedback.give(moot.node, made.reference, other, by=by)
    another = closed(moot)
    with pytest.raises(IdempotencyMismatch):
        feedback.give(moot.node, another.reference, said, by=moot.guest(another))


def test_said_anew_it_stands_for_the_first_and_the_answer_to_that_is_gone(moot, made):
    give(moot, made)
    answer(moot, made)
    give(moot, made, 4, "On second thought it was good.")

    said = shown(moot, made).said
    assert (said.rating, said.text, said.answered_at) == (
        4,
        "On second thought it was good.",
        None,
    )
    assert shown(moot, made, "cleo").answers
    with moot.node.read() as tx:
        assert len(tx.scalars(select(Feedback)).all()) == 1


def test_taken_back_nothing_of_it_is_left_and_it_can_be_said_anew(moot, made):
    give(moot, made)
    answer(moot, made)
    by = moot.guest(made)
    feedback.take_back(moot.node, made.reference, by=by)

    assert shown(moot, made).said is None
    with moot.node.read() as tx:
        assert tx.scalars(select(Feedback)).all() == []
    with pytest.raises(NotFound):
        feedback.take_back(moot.node, made.reference, by=by)
    with pytest.raises(NotFound):
        answer(moot, made)
    give(moot, made, 1, "")
    assert shown(moot, made).said.rating == 1


def test_who_coordinates_reads_it_and_does_not_answer_for_the_advocate(moot, made):
    give(moot, made)

    for who in ("iris", "olga"):
        board = shown(moot, made, who)
        assert (board.said.text, board.answers) == (CANARY, False)
        with pytest.raises(NotYours):
            answer(moot, made, by=who)


def test_nobody_else_learns_that_there_is_any(moot, made):
    give(moot, made)

    for who in ("ben", "eve", "dov", "finn"):
        with pytest.raises(NotFound):
            shown(moot, made, who)
        with pytest.raises(NotFound):
            answer(moot, made, by=who)
        with pytest.raises(NotFound):
            give(moot, made, by=moot[who])
    for who in ("cleo", "iris"):
        with pytest.raises(NotYours):
            give(moot, made, by=moot[who])
        with pytest.raises(NotYours):
            feedback.take_back(moot.node, made.reference, by=moot[who])
    other = moot.tell()
    with pytest.raises(NotFound):
        feedback.show(moot.node, made.reference, by=moot.guest(other))


def test_whom_it_is_about_reads_and_answers_it_when_the_case_is_somebody_elses(
    moot, made
):
    give(moot, made)
    reopened(moot, made)

    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["cleo"])
    assert shown(moot, made, "cleo").said.text == CANARY
    answer(moot, made)
    assert shown(moot, made).said.answered_by == "Cleo"
    with pytest.raises(NotYours):
        shown(moot, made, "eve")


def test_while_it_is_open_again_it_is_not_said_anew_but_taken_back(moot, made):
    give(moot, made)
    reopened(moot, made)

    board = shown(moot, made)
    assert (board.says, board.takes_back) == (False, True)
    with pytest.raises(WrongState):
        give(moot, made, 5)
    feedback.take_back(moot.node, made.reference, by=moot.guest(made))
    assert shown(moot, made).said is None


def test_a_wall_put_up_later_hides_it_from_whom_it_is_about(moot, made):
    give(moot, made)
    wall(moot, made, "cleo")

    with pytest.raises(NotFound):
        shown(moot, made, "cleo")
    with pytest.raises(NotFound):
        answer(moot, made)


def test_while_the_case_rests_nobody_but_its_member_reads_it(moot, made):
    give(moot, made)
    reopened(moot, made)
    restricting.restrict(moot.node, made.reference, by=moot.guest(made))

    for who in ("cleo", "iris"):
        with pytest.raises(NotFound):
            shown(moot, made, who)
    assert shown(moot, made).said.text == CANARY


def test_once_nobody_may_work_on_it_whom_it_is_about_reads_it_no_more(moot, made):
    give(moot, made)
    reopened(moot, made)
    by = moot.guest(made)
    handled = next(
        one.id
        for one in cases.view(moot.node, made.reference, by=by).consents
        if one.purpose is Purpose.HANDLE_CASE
    )
    consent.revoke(moot.node, made.reference, handled, by=by)

    with pytest.raises(NotFound):
        shown(moot, made, "cleo")


def test_where_nobody_had_it_who_coordinates_answers(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.triage(made)
    cases.withdraw(moot.node, made.reference, by=moot.guest(made))
    give(moot, made, 1, "Nobody ever came.")

    assert shown(moot, made).about == ""
    assert told(moot, "A member says how it was") == ["gus", "iris", "olga"]
    assert shown(moot, made, "iris").answers
    answer(moot, made, by="iris")
    assert shown(moot, made).said.answered_by == "Iris"
    assert actions(moot, made) == [
        ("guest", "feedback.give"),
        ("coordinator", "feedback.answer"),
    ]


def test_whoever_joined_speaks_of_who_had_the_common_matter_once_it_is_over(moot):
    street = street_in(moot)
    made = street.joined()
    assert moot.state(made) is State.CLOSED

    assert not shown(moot, made).says
    with pytest.raises(WrongState):
        give(moot, made)
    street.resolve()
    street.say(made, SOLVED)
    street.say(street.matter, SOLVED)
    give(moot, made, 3)

    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["cleo"])
    assert shown(moot, made, "cleo").said.text == CANARY
    answer(moot, made)
    assert shown(moot, made).said.answer == ANSWER


def test_each_hears_that_there_is_something_and_no_word_of_it(moot, made):
    give(moot, made)
    assert told(moot, "A member says how it was") == ["cleo"]
    answer(moot, made)
    assert told(moot, "There is an answer: how your case") == ["ada"]

    for _, mail in moot.village.mails:
        assert "canary" not in mail.get_content()


def test_the_timeline_and_the_chain_say_that_it_was_said_and_no_word_of_it(moot, made):
    give(moot, made)
    answer(moot, made)

    assert actions(moot, made) == [
        ("guest", "feedback.give"),
        ("advocate", "feedback.answer"),
    ]
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    said, answered = view.timeline[-2:]
    assert (said.kind, said.who, said.text) == ("feedback", "you", "")
    assert (answered.kind, answered.who) == ("feedback_answer", "advocate")
    assert answered.name == "Cleo"
    assert not any("canary" in str(it.disclosed) for it in moot.entries(made))
    feedback.take_back(moot.node, made.reference, by=moot.guest(made))
    assert actions(moot, made)[-1] == ("guest", "feedback.take_back")
    view = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert not {one.kind for one in view.timeline} & {"feedback", "feedback_answer"}


def test_that_others_read_it_stands_in_the_log_of_reads(moot, made):
    shown(moot, made, "iris")
    assert access.sharing(moot.node, made.reference, by=moot.guest(made)).reads == ()
    give(moot, made)
    shown(moot, made)
    shown(moot, made, "cleo")
    shown(moot, made, "iris")

    reads = access.sharing(moot.node, made.reference, by=moot.guest(made)).reads
    assert {(it.role, it.field, it.ground) for it in reads} == {
        ("advocate", Field.FEEDBACK, Ground.ASSIGNED),
        ("coordinator", Field.FEEDBACK, Ground.OFFICE),
    }


def test_it_stands_in_what_a_member_takes_away(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.RESOLVED)
    moot.act(made, Act.CONFIRM, moot["ada"], answer="solved")
    (case,) = own_data.export(moot.node, by=moot["ada"])["fm:cases"]
    assert case["feedback"] is None
    give(moot, made, by=moot["ada"])
    answer(moot, made)

    (case,) = own_data.export(moot.node, by=moot["ada"])["fm:cases"]
    assert (case["feedback"]["rating"], case["feedback"]["text"]) == (2, CANARY)
    assert case["feedback"]["answer"] == ANSWER


def test_no_store_has_a_word_of_it_in_the_open(moot, made):
    give(moot, made)
    answer(moot, made)

    assert not any(b"slow with every" in raw for raw in stores(moot.node).values())


@pytest.mark.parametrize("how", ["erased", "without a name"])
def test_it_goes_with_the_case(moot, made, how):
    give(moot, made)
    answer(moot, made)

    if how == "erased":
        erase(moot, made, wish(Level.CHAIN, 0))
    else:
        chosen = Chosen(Choice.NAMELESS, " ".join(made.words), "203.0.113.9")
        keeping.choose(moot.node, made.reference, chosen, by=moot.guest(made))
    settle(moot)

    with moot.node.read() as tx:
        assert tx.scalars(select(Feedback)).all() == []


def test_it_can_be_read_after_a_part_of_the_case_was_erased(moot, made):
    give(moot, made)
    answer(moot, made)
    erase(moot, made, wish(Level.ENTRY, 0))
    settle(moot)

    said = shown(moot, made).said
    assert (said.rating, said.text, said.answer) == (2, CANARY, ANSWER)


#: What saying something may touch: itself, the ledger, who is told, and who read.
TOUCHED = {"feedback", "peer_copy", "peer_finding", "access", "job", "notice"}


def rows(moot):
    with moot.node.read() as tx:
        return {
            table.name: sorted(repr(row) for row in tx.execute(select(table)))
            for table in Model.metadata.sorted_tables
            if not table.name.startswith("ledger_") and table.name not in TOUCHED
        }


def test_no_row_that_decides_who_gets_what_and_when_changes_by_it(moot, made):
    waits = moot.tell()
    moot.triage(waits)
    before = rows(moot)

    give(moot, made, 1)
    answer(moot, made)
    give(moot, made, 5)
    copy = feedback.Prepared("They were kind, and slow.", looked=True)
    feedback.prepare(moot.node, made.reference, copy, by=moot["iris"])

    assert rows(moot) == before


def test_nothing_that_sorts_chooses_or_promises_knows_of_it():
    allowed = {
        "node/cases/timelines.py", "node/erasing/rekeying.py", "node/erasing/whole.py",
        "node/own_data/exporting.py", "node/models/__init__.py", "node/work.py",
    }  # fmt: skip
    knows = set()
    for folder in ("governance", "node"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            imported = {
                f"{it.module}.{one.name}"
                for it in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(it, ast.ImportFrom)
                for one in it.names
            }
            if any("feedback" in one for one in imported):
                knows.add(name)

    assert {it for it in knows if not it.startswith("node/feedback/")} == allowed
