"""Two who have nothing to do with a case read a copy without names, and no more."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from governance.access import Field, Ground
from governance.cases import State
from governance.errors import (
    ChoiceInvalid,
    NotFound,
    NotYours,
    SecondPerson,
    WordsTooLong,
    WrongState,
)
from governance.feedback import FINDING_LIMIT, LATE, NoReviewers
from node import absences, access, cases, feedback, own_data
from node.absences import Asked
from node.erasing import Level
from node.feedback import Prepared
from node.models.accounts import GrantRow
from node.models.feedback import Feedback, PeerCopy, PeerFinding
from tests.node.test_feedback import (
    actions,
    answer,
    closed,
    give,
    reopened,
    shown,
    told,
    wall,
)
from tests.support.erased import erase, settle, stores, wish

COPY = "canary: they were kind on the telephone, and slow with letters."
FINDINGS = ("canary: a letter a week would have helped.", "canary: well done.")
#: Who can look at a case of Cleo's that Iris shares out.
LOOK = {"eve", "gus", "olga"}


@pytest.fixture
def made(moot):
    made = closed(moot)
    give(moot, made)
    return made


def prepare(moot, made, text=COPY, by="iris", *, looked=True):
    copy = Prepared(text, looked)
    feedback.prepare(moot.node, made.reference, copy, by=moot[by])
    moot.village.pass_time(milliseconds=1)


def asked(moot):
    """Return who is asked just now, each with their copies."""
    found = {who: feedback.listed(moot.node, by=moot[who]) for who in moot.ids}
    return {who: lines for who, lines in found.items() if lines}


def find(moot, who, text=FINDINGS[0]):
    (line,) = feedback.listed(moot.node, by=moot[who])
    feedback.find(moot.node, line.id, text, by=moot[who])
    moot.village.pass_time(milliseconds=1)


def rows(moot, model):
    with moot.node.read() as tx:
        return tx.scalar(select(func.count()).select_from(model))


@pytest.mark.capability("1.16")
def test_two_read_the_copy_alone_and_what_they_find_is_read_once_both_did(moot, made):
    answer(moot, made)
    assert shown(moot, made, "iris").copies
    prepare(moot, made)

    first, second = asked(moot)
    assert {first, second} < LOOK
    (line,) = feedback.listed(moot.node, by=moot[first])
    opened = feedback.one(moot.node, line.id, by=moot[first])
    assert (opened.text, opened.finding, opened.done) == (COPY, "", False)
    assert made.reference not in repr((line, opened))
    with pytest.raises(NotFound):
        cases.view(moot.node, made.reference, by=moot["eve"])

    find(moot, first, FINDINGS[0])
    for who in ("cleo", "iris"):
        review = shown(moot, made, who).review
        assert (review.asked, review.found, review.done) == (2, 1, False)
        assert review.findings == ()
    find(moot, second, FINDINGS[1])
    for who in ("cleo", "iris"):
        review = shown(moot, made, who).review
        assert (review.done, review.findings) == (True, FINDINGS)
        assert shown(moot, made, who).said.copy == COPY
    own = shown(moot, made)
    assert (own.review, own.said.copy) == (None, COPY)


def test_each_finds_something_once_and_in_few_words(moot, made):
    prepare(moot, made)
    who, _ = asked(moot)

    with pytest.raises(WordsTooLong):
        find(moot, who, "x" * (FINDING_LIMIT + 1))
    find(moot, who)
    with pytest.raises(WrongState):
        find(moot, who, "And another thing.")
    (line,) = feedback.listed(moot.node, by=moot[who])
    assert line.done
    assert feedback.one(moot.node, line.id, by=moot[who]).finding == FINDINGS[0]
    with pytest.raises(WrongState):
        feedback.decline(moot.node, line.id, by=moot[who])


def test_who_leads_prepares_it_and_never_of_what_is_about_them(moot, made):
    for who in ("ben", "eve", "dov"):
        with pytest.raises(NotFound):
            prepare(moot, made, by=who)
    with pytest.raises(SecondPerson):
        prepare(moot, made, by="cleo")
    assert not shown(moot, made, "cleo").copies
    theirs = closed(moot, by="gus")
    give(moot, theirs)
    with pytest.raises(SecondPerson):
        prepare(moot, theirs, by="gus")
    copy = Prepared(COPY, looked=True)
    with pytest.raises(NotYours):
        feedback.prepare(moot.node, made.reference, copy, by=moot.guest(made))
    prepare(moot, made)
    with pytest.raises(WrongState):
        prepare(moot, made, by="olga")
    silent = closed(moot)
    with pytest.raises(NotFound):
        prepare(moot, silent)


@pytest.mark.parametrize("text", ["Cleo was slow.", "Of {ref}.", "Of {bare}: slow."])
def test_a_copy_that_says_whose_case_it_is_is_refused_and_asks_nobody(moot, made, text):
    ref = made.reference
    with pytest.raises(ChoiceInvalid):
        prepare(moot, made, text.format(ref=ref, bare=ref.partition("-")[2].lower()))
    with pytest.raises(ChoiceInvalid):
        prepare(moot, made, looked=False)

    assert asked(moot) == {}
    assert rows(moot, PeerCopy) == 0


def test_nobody_who_had_the_case_or_is_walled_from_it_is_asked(moot, made):
    reopened(moot, made, by="eve")
    wall(moot, made, "gus")
    give_up = reopened_and_closed(moot, made)

    assert give_up is State.CLOSED
    with pytest.raises(NoReviewers):
        prepare(moot, made)
    assert rows(moot, PeerCopy) == rows(moot, PeerFinding) == 0


def reopened_and_closed(moot, made):
    moot.act(made, "resolve", moot["eve"], text="It is warm again.")
    moot.act(made, "confirm", moot.guest(made), answer="solved")
    return moot.state(made)


def test_those_who_were_asked_least_often_are_asked(moot, made):
    prepare(moot, made)
    before = set(asked(moot))
    other = closed(moot)
    give(moot, other)
    prepare(moot, other)

    (spared,) = LOOK - before
    number = {who: len(lines) for who, lines in asked(moot).items()}
    assert number[spared] == 1
    assert sorted(number.values()) == [1, 1, 2]


def test_for_whoever_cannot_look_somebody_else_is_asked_as_long_as_there_is(moot, made):
    prepare(moot, made)
    first, second = asked(moot)
    (spared,) = LOOK - {first, second}
    (line,) = feedback.listed(moot.node, by=moot[first])
    feedback.decline(moot.node, line.id, by=moot[first])

    assert set(asked(moot)) == {second, spared}
    with pytest.raises(NotFound):
        feedback.one(moot.node, line.id, by=moot[first])
    (line,) = feedback.listed(moot.node, by=moot[spared])
    feedback.decline(moot.node, line.id, by=moot[spared])
    assert set(asked(moot)) == {second}
    assert not shown(moot, made, "iris").review.done
    find(moot, second)
    review = shown(moot, made, "iris").review
    assert (review.asked, review.done, review.findings) == (1, True, FINDINGS[:1])


def gone(moot, who):
    """Let somebody be away, from now on for a year."""
    today = moot.node.now().date()
    told = Asked(first=today, last=today + timedelta(days=360))
    absences.say(moot.node, told, by=moot[who])


def later(moot, by=LATE):
    moot.village.pass_time(seconds=by.total_seconds())
    moot.village.work(moot.node)


def reminded(moot):
    return told(moot, "A copy without names waits for you")


def test_nobody_who_is_away_is_asked(moot, made):
    gone(moot, "eve")

    prepare(moot, made)

    assert set(asked(moot)) == {"gus", "olga"}


def test_where_too_few_are_there_nothing_is_kept(moot, made):
    gone(moot, "eve")
    gone(moot, "gus")

    with pytest.raises(NoReviewers):
        prepare(moot, made)
    assert rows(moot, PeerCopy) == 0


def test_who_says_nothing_is_reminded_once_and_then_somebody_else_is_asked(moot, made):
    prepare(moot, made)
    first, second = asked(moot)
    (spared,) = LOOK - {first, second}
    (line,) = feedback.listed(moot.node, by=moot[first])
    find(moot, second)

    later(moot, LATE - timedelta(days=1))
    assert reminded(moot) == []
    later(moot, timedelta(days=1))
    assert reminded(moot) == [first]
    assert first in asked(moot)
    later(moot)

    assert reminded(moot) == [first]
    assert set(asked(moot)) == {second, spared}
    for _, mail in moot.village.mails:
        if "waits for you" in mail["Subject"]:
            assert made.reference not in mail.as_string()
    with pytest.raises(NotFound):
        feedback.find(moot.node, line.id, "Too late.", by=moot[first])


def test_who_answers_or_cannot_look_is_not_reminded(moot, made):
    prepare(moot, made)
    first, second = asked(moot)
    find(moot, first)
    (line,) = feedback.listed(moot.node, by=moot[second])
    feedback.decline(moot.node, line.id, by=moot[second])

    later(moot)

    assert reminded(moot) == [*(LOOK - {first, second})]


def test_who_is_away_or_walled_by_then_is_not_reminded_but_passed_over(moot, made):
    prepare(moot, made)
    first, second = asked(moot)
    (spared,) = LOOK - {first, second}
    wall(moot, made, first)
    find(moot, second)

    later(moot)

    assert reminded(moot) == []
    assert set(asked(moot)) == {second, spared}


def test_where_there_is_nobody_else_it_stays_with_whom_it_is(moot, made):
    prepare(moot, made)
    first, second = asked(moot)
    (spared,) = LOOK - {first, second}
    gone(moot, spared)
    for _ in range(3):
        later(moot)

    assert set(asked(moot)) == {first, second}
    assert reminded(moot) == sorted([first, second])


def test_a_look_at_who_is_late_can_be_done_twice_and_after_all_is_gone(moot, made):
    prepare(moot, made)
    ids = [feedback.listed(moot.node, by=moot[who])[0].id for who in asked(moot)]
    later(moot)
    for id_ in ids:
        feedback.due(moot.node, str(id_))
    assert len(reminded(moot)) == len(ids)
    give(moot, made, 4, "On second thought it was good.")
    assert rows(moot, PeerFinding) == 0

    for id_ in ids:
        feedback.due(moot.node, str(id_))
    later(moot)

    assert len(reminded(moot)) == len(ids)


def test_nobody_else_opens_a_copy(moot, made):
    prepare(moot, made)
    who, other = asked(moot)
    (line,) = feedback.listed(moot.node, by=moot[who])

    for reader in (other, "iris", "cleo", "dov", "ben"):
        with pytest.raises(NotFound):
            feedback.one(moot.node, line.id, by=moot[reader])
        with pytest.raises(NotFound):
            feedback.find(moot.node, line.id, "Mine.", by=moot[reader])
    with pytest.raises(NotFound):
        feedback.one(moot.node, line.id, by=moot.guest(made))
    assert feedback.listed(moot.node, by=moot.guest(made)) == ()


def test_a_wall_put_up_later_and_a_role_that_ends_take_the_copy_away(moot, made):
    prepare(moot, made)
    first, second = asked(moot)
    wall(moot, made, first)
    with moot.node.begin() as tx:
        for row in tx.scalars(select(GrantRow)):
            if row.person_id == moot.ids[second]:
                row.expires_at = moot.node.now()

    assert asked(moot) == {}


def test_what_others_wrote_about_stays_and_until_then_it_can_be_taken_back(moot, made):
    prepare(moot, made)
    assert shown(moot, made).takes_back
    give(moot, made, 4, "On second thought it was good.")
    assert asked(moot) == {}
    assert rows(moot, PeerCopy) == rows(moot, PeerFinding) == 0

    prepare(moot, made)
    who, _ = asked(moot)
    find(moot, who)
    own = shown(moot, made)
    assert (own.says, own.takes_back) == (False, False)
    with pytest.raises(WrongState):
        give(moot, made, 5)
    with pytest.raises(WrongState):
        feedback.take_back(moot.node, made.reference, by=moot.guest(made))


def test_each_hears_of_it_and_those_who_look_of_no_case(moot, made):
    prepare(moot, made)
    first, second = asked(moot)

    assert told(moot, "asked to look at a copy") == sorted([first, second])
    for _, mail in moot.village.mails:
        if "asked to look at a copy" in mail["Subject"]:
            assert made.reference not in mail.as_string()
    find(moot, first)
    assert told(moot, "Others have looked at it") == []
    find(moot, second)
    assert told(moot, "Others have looked at it") == ["cleo", "gus", "iris", "olga"]


def test_the_chain_has_each_step_and_no_word_of_it(moot, made):
    prepare(moot, made)
    for who in asked(moot):
        find(moot, who)

    found = [action for _, action in actions(moot, made)]
    assert found == ["feedback.give", "feedback.copy", *["feedback.find"] * 2]
    assert not any("canary" in str(it.disclosed) for it in moot.entries(made))


def test_that_a_copy_was_read_stands_in_the_log_of_reads(moot, made):
    prepare(moot, made)
    who, _ = asked(moot)
    (line,) = feedback.listed(moot.node, by=moot[who])
    feedback.one(moot.node, line.id, by=moot[who])

    (read,) = access.sharing(moot.node, made.reference, by=moot.guest(made)).reads
    assert (read.field, read.ground) == (Field.FEEDBACK, Ground.OFFICE)


def test_the_copy_stands_in_what_a_member_takes_away_and_no_finding(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.RESOLVED)
    moot.act(made, "confirm", moot["ada"], answer="solved")
    give(moot, made, by=moot["ada"])
    prepare(moot, made)
    for who in asked(moot):
        find(moot, who)

    document = own_data.export(moot.node, by=moot["ada"])
    (case,) = document["fm:cases"]
    assert case["feedback"]["copy"] == COPY
    assert FINDINGS[0] not in str(document)


def test_copy_and_findings_are_sealed_and_go_with_the_case(moot, made):
    prepare(moot, made)
    for who in asked(moot):
        find(moot, who)
    words = (b"slow with letters", b"a letter a week")
    assert not any(it in raw for raw in stores(moot.node).values() for it in words)

    erase(moot, made, wish(Level.CHAIN, 0))
    settle(moot)

    for model in (Feedback, PeerCopy, PeerFinding):
        assert rows(moot, model) == 0
    assert asked(moot) == {}


def test_they_can_be_read_after_a_part_of_the_case_was_erased(moot, made):
    prepare(moot, made)
    for who in asked(moot):
        find(moot, who)
    erase(moot, made, wish(Level.ENTRY, 0))
    settle(moot)

    board = shown(moot, made, "iris")
    assert (board.said.copy, board.review.findings) == (COPY, FINDINGS[:1] * 2)
