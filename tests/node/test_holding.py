"""A hold stops what destroys a case until its day, and its member reads it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from governance.cases import State
from governance.errors import ChoiceInvalid, Denied, NotFound, SecondPerson, WrongState
from governance.retention import CaseHeld, Choice, Phase
from governance.walls import Cause
from node import erasing, holding, keeping
from node.cases import conflicts, folding
from node.erasing import Level
from node.keeping import Chosen
from node.models.retention import Retention
from tests.support import members
from tests.support.erased import erase, left, secrets, settle, wish

WHY = "canary: a court asked for it"


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.CLOSED)
    return made


def hold(moot, made, days=300, by="dov"):
    end = moot.node.now() + timedelta(days=days)
    return holding.put_up(moot.node, made.reference, WHY, end, by=moot[by])


def second(moot):
    """Return another steward, who joined for this."""
    id_ = members.join(moot.node, "vera@ash.example", "steward")
    return members.visitor(moot.node, id_, "Vera")


def agreed(moot, made, days=300):
    id_ = hold(moot, made, days)
    holding.agree(moot.node, id_, by=second(moot))
    return id_


def wall(moot, made, who):
    with moot.node.begin() as tx:
        found = {who.person_id: Cause.INTEREST}
        conflicts.put_up(moot.node, tx, made.case_id, found)


def show(moot, made):
    return keeping.show(moot.node, made.reference, by=moot.guest(made))


def test_a_held_case_is_erased_by_nobody_and_its_member_reads_why(moot, made):
    agreed(moot, made)

    (shown,) = show(moot, made).holds
    assert (shown.agreed, shown.second) == (True, "Vera")
    assert (shown.reason, shown.until) == (WHY, moot.node.now() + timedelta(days=300))
    for asked in (wish(Level.CONTENT, 0), wish(Level.CHAIN, None)):
        with pytest.raises(CaseHeld):
            erase(moot, made, asked)
    for choice in (Choice.NAMELESS, Choice.DELETE):
        chosen = Chosen(choice, " ".join(made.words), "203.0.113.9")
        with pytest.raises(CaseHeld):
            keeping.choose(moot.node, made.reference, chosen, by=moot.guest(made))
    assert moot.state(made) is State.CLOSED


def test_time_goes_on_for_it_only_after_the_hold(moot, made):
    agreed(moot, made, 300)
    for _ in range(29):
        moot.village.pass_time(days=10)
        moot.village.work(moot.node)
    with moot.node.read() as tx:
        assert holding.until(tx, made.case_id, at=moot.node.now()) is not None
    assert phase(moot, made) is Phase.ASKED

    for _ in range(20):
        moot.village.pass_time(days=10)
        moot.village.work(moot.node)

    assert phase(moot, made) is None


def phase(moot, made):
    with moot.node.read() as tx:
        row = tx.get(Retention, made.case_id)
        return row.phase if row else None


def test_what_was_put_aside_is_not_purged_while_it_is_held(moot):
    made = moot.tell()
    moot.bring(made, State.DISCARDED)
    agreed(moot, made)
    moot.village.pass_time(days=60)

    erasing.purge(moot.node, str(made.case_id))

    assert moot.state(made) is State.DISCARDED


def test_a_hold_that_was_ended_stops_nothing(moot, made):
    id_ = hold(moot, made)
    for _ in range(2):
        holding.end(moot.node, id_, by=moot["dov"])

    erase(moot, made, wish(Level.CHAIN, None))

    with pytest.raises(NotFound):
        holding.end(moot.node, uuid4(), by=moot["dov"])


@pytest.mark.parametrize("who", ["ada", "cleo", "iris"])
def test_only_stewards_hold_a_case(moot, made, who):
    with pytest.raises(Denied):
        hold(moot, made, by=who)
    assert show(moot, made).holds == ()


def test_a_steward_holds_neither_their_own_case_nor_one_that_is_not_there(moot):
    own = moot.tell(by=moot["dov"])

    for made_up in (own.reference, "AS-1234567", "nothing"):
        with pytest.raises(NotFound):
            holding.put_up(
                moot.node,
                made_up,
                WHY,
                moot.node.now() + timedelta(days=1),
                by=moot["dov"],
            )


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_hold_has_an_end_within_a_year(moot, made, days):
    with pytest.raises(ChoiceInvalid):
        hold(moot, made, days)


def test_its_reason_goes_with_the_case_and_opens_after_a_part_went(moot, made):
    id_ = hold(moot, made, 1)
    moot.village.pass_time(days=2)
    erase(moot, made, wish(Level.CONTENT, 0))
    settle(moot)
    holding.end(moot.node, id_, by=moot["dov"])
    hold(moot, made, 1)
    assert [one.reason for one in show(moot, made).holds] == [WHY]
    known = secrets(moot.node, made.case_id, 1)
    moot.village.pass_time(days=2)

    erase(moot, made, wish(Level.CHAIN, None))
    settle(moot)

    assert left(moot.node, {"why": WHY.encode(), **known.keys}) == set()


def test_alone_a_steward_holds_a_case_for_a_day_and_not_again(moot, made):
    hold(moot, made)
    (shown,) = show(moot, made).holds
    assert (shown.agreed, shown.until) == (False, moot.node.now() + timedelta(days=1))

    moot.village.pass_time(days=1)

    assert show(moot, made).holds == ()
    with pytest.raises(SecondPerson):
        hold(moot, made)
    erase(moot, made, wish(Level.CHAIN, None))


def test_the_one_who_holds_it_is_not_the_second_person(moot, made):
    id_ = hold(moot, made)

    with pytest.raises(SecondPerson):
        holding.agree(moot.node, id_, by=moot["dov"])

    assert [one.agreed for one in show(moot, made).holds] == [False]


def test_agreeing_twice_is_once_and_too_late_is_too_late(moot, made):
    id_, vera = hold(moot, made, 3), second(moot)
    for _ in range(2):
        holding.agree(moot.node, id_, by=vera)
    assert [one.until for one in show(moot, made).holds] == [
        moot.node.now() + timedelta(days=3)
    ]
    other = moot.tell()
    late = hold(moot, other)
    moot.village.pass_time(days=1)

    with pytest.raises(WrongState):
        holding.agree(moot.node, late, by=vera)


def test_each_step_is_in_the_ledger_and_its_member_and_the_others_are_told(moot, made):
    vera, before = second(moot), moot.kinds(made).count("status")
    id_ = hold(moot, made)
    holding.agree(moot.node, id_, by=vera)
    holding.end(moot.node, id_, by=vera)
    moot.village.work(moot.node)

    assert moot.kinds(made).count("status") == before + 3
    assert list(folding.verify(moot.node)) == []
    told = {(to, mail["Subject"].split(":")[0]) for to, mail in moot.village.mails}
    assert ("ada@mailbox.example", "Your case is held") in told
    assert ("vera@ash.example", "Somebody holds a case") in told
    assert WHY not in str([mail.get_content() for _, mail in moot.village.mails])


def test_stewards_see_what_is_held_and_nobody_else_does(moot, made):
    hold(moot, made)

    (line,) = holding.listed(moot.node, by=moot["dov"])
    assert (line.reference, line.reason, line.mine) == (made.reference, WHY, True)
    (line,) = holding.listed(moot.node, by=second(moot))
    assert line.mine is False
    for name in ("ada", "cleo", "iris", "finn"):
        with pytest.raises(Denied):
            holding.listed(moot.node, by=moot[name])


def test_a_walled_steward_knows_of_no_hold(moot, made):
    id_, vera = hold(moot, made), second(moot)
    wall(moot, made, vera)

    assert holding.listed(moot.node, by=vera) == ()
    for act in (holding.agree, holding.end):
        with pytest.raises(NotFound):
            act(moot.node, id_, by=vera)
