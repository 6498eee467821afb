"""Where somebody is in danger, those who share out the case hear of it at once."""

from uuid import uuid4

import pytest

from governance.cases import Kind, Priority, State
from governance.retention import CaseRests
from governance.rubric import Finding
from governance.walls import Cause
from node import cases, ladder, restricting
from node.cases import DANGER, TriageChoice, conflicts
from node.cases.triage import finding


def find(moot, made, *found, priority=Priority.URGENT):
    choice = TriageChoice(
        kind=Kind.CLAIM,
        topic="housing",
        priority=priority,
        area=None,
        reason="canary: he was threatened",
        found=frozenset(found),
    )
    cases.triage(moot.node, made.reference, choice, by=moot["iris"])


def called(moot):
    moot.village.work(moot.node)
    return {to: mail for to, mail in moot.village.mails if "Danger" in mail["Subject"]}


def test_danger_is_told_at_once_to_whoever_can_share_out_the_case(moot):
    made = moot.tell(text="canary words", by=moot["ada"])
    find(moot, made, Finding.DANGER)

    mails = called(moot)

    who = {f"{name}@ash.example" for name in ("gus", "iris", "olga")}
    assert who <= set(mails)
    assert not {"ada@ash.example", "cleo@ash.example", "ben@ash.example"} & set(mails)
    for mail in mails.values():
        assert f"/desk/cases/{made.reference}" in mail.get_content()
        assert "canary" not in str(mail)


def test_without_danger_nobody_is_called(moot):
    find(moot, moot.tell(), Finding.LOSS)
    find(moot, moot.tell(), priority=Priority.URGENT)

    assert called(moot) == {}


def test_whoever_is_behind_a_wall_hears_of_no_danger(moot):
    made = moot.tell()
    with moot.node.begin() as tx:
        found = {moot.ids["olga"]: Cause.INTEREST}
        conflicts.put_up(moot.node, tx, made.case_id, found)
    find(moot, made, Finding.DANGER)

    assert "olga@ash.example" not in called(moot)


def test_who_was_called_is_not_called_twice(moot):
    made, now = moot.tell(), moot.node.now()
    find(moot, made, Finding.DANGER)
    called(moot)
    before = len(moot.village.mails)

    ladder.call(moot.node, finding(made.case_id, now))
    ladder.call(moot.node, finding(uuid4(), now))
    moot.village.work(moot.node)

    assert len(moot.village.mails) == before
    assert DANGER == "case.danger"


def test_of_a_case_that_rests_nobody_is_told(moot):
    made = moot.tell()
    find(moot, made, Finding.DANGER)
    restricting.restrict(moot.node, made.reference, by=moot.guest(made))

    with pytest.raises(CaseRests):
        ladder.call(moot.node, str(made.case_id))
    assert called(moot) == {}
    assert moot.state(made) is State.QUEUED
