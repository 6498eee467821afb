from datetime import timedelta

import pytest

from governance.cases import State
from governance.errors import AuthRequired
from node import assignments, cases
from node.accounts import GUEST
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
