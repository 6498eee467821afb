from datetime import timedelta

import pytest

from governance.cases import State
from governance.errors import AuthRequired
from node import assignments, cases
from node.accounts import GUEST
from node.cases.lists import PAGE
from tests.support.members import Statements


def test_a_members_cases_come_by_whether_they_wait_for_them(moot):
    told = {}
    for state in (
        State.RECEIVED,
        State.WORKING,
        State.WAITING_MEMBER,
        State.RESOLVED,
        State.CLOSED,
    ):
        told[state] = moot.tell(by=moot["ada"], text=f"It is {state} now.")
        moot.bring(told[state], state)

    mine = cases.mine(moot.node, by=moot["ada"])

    def states(lines):
        return [line.state for line in lines]

    assert states(mine.waiting) == [State.RESOLVED, State.WAITING_MEMBER]
    assert states(mine.open) == [State.WORKING, State.RECEIVED]
    assert states(mine.settled) == [State.CLOSED]
    assert [line.title for line in mine.open] == [
        "It is working now",
        "It is received now",
    ]


def test_nobody_elses_cases_are_among_them(moot):
    moot.tell(by=moot["ben"])
    moot.tell()
    moot.bring(moot.tell(by=moot["ada"]), State.WORKING)

    ada, cleo = (cases.mine(moot.node, by=moot[who]) for who in ("ada", "cleo"))

    assert len(ada.open) == 1
    assert (cleo.waiting, cleo.open, cleo.settled) == ((), (), ())


@pytest.mark.parametrize("who", ["nobody", "guest"])
def test_only_somebody_signed_in_has_a_list(moot, who):
    made = moot.tell()

    with pytest.raises(AuthRequired):
        cases.mine(moot.node, by=GUEST if who == "nobody" else moot.guest(made))


def test_a_line_says_who_answers_and_how_late_it_is(moot):
    made = moot.tell(by=moot["ada"])
    moot.triage(made, area="south")
    assignments.take(moot.node, made.reference, by=moot["cleo"])
    [line] = cases.mine(moot.node, by=moot["ada"]).open
    assert (line.responsible_name, line.area_name, line.late_by) == (
        "Cleo",
        "South side",
        None,
    )

    moot.village.now = line.next_due_at + timedelta(hours=2)

    [line] = cases.mine(moot.node, by=moot["ada"]).open
    assert line.late_by == timedelta(hours=2)


@pytest.mark.parametrize("look", ["mine", "desk"])
def test_a_longer_list_asks_no_more_of_the_database(moot, look):
    def count():
        by = moot["iris"] if look == "desk" else moot["ada"]
        with Statements(moot.node) as said:
            if look == "desk":
                assignments.desk(moot.node, by=by)
            else:
                cases.mine(moot.node, by=by)
        return len(said)

    moot.bring(moot.tell(by=moot["ada"]), State.WORKING)
    few = count()
    for by in ("cleo", "eve", "gus", "cleo", "eve"):
        moot.bring(moot.tell(by=moot["ada"]), State.WORKING, by=by)

    assert count() == few


def test_who_told_more_than_a_page_holds_reaches_all_of_it(moot):
    told = [moot.tell(by=moot["ada"]) for _ in range(PAGE + 3)]
    moot.bring(told[0], State.WAITING_MEMBER)

    first = cases.mine(moot.node, by=moot["ada"])
    last = cases.mine(moot.node, by=moot["ada"], before=first.end)

    assert [line.reference for line in first.waiting] == [told[0].reference]
    assert (last.waiting, last.end) == ((), None)
    shown = [line.reference for line in (*first.open, *last.open)]
    assert shown == [made.reference for made in told[:0:-1]]
    assert (len(first.open), len(last.open)) == (PAGE, 2)


def test_parts_of_a_list_fit_together_where_much_was_told_at_once(moot):
    told = {moot.tell(by=moot["ada"]).reference for _ in range(5)}
    seen, before = [], None

    while True:
        part = cases.own(moot.node, by=moot["ada"], before=before, most=2)
        seen += [line.reference for line in part.lines]
        if part.end is None:
            break
        before = cases.Told.read(str(part.end))

    assert len(seen) == len(told)
    assert set(seen) == told


@pytest.mark.parametrize("text", ["", "x", "1", "1-", "-REF", "1-ref", "9" * 16 + "-A"])
def test_what_is_no_place_in_a_list_is_none(text):
    assert cases.Told.read(text) is None
