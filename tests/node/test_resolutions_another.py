"""Somebody else takes on what is appealed, and what comes back for the third time."""

import pytest

from governance.cases import State
from governance.resolutions import Answer
from node import assignments, cases, resolutions, wishes
from node.cases import folding
from node.ids import new_id
from node.threads import Words
from node.wishes import Chance


@pytest.fixture
def resolved(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.RESOLVED)
    return made


def dispute(moot, made):
    by = moot.guest(made)
    resolutions.answer(moot.node, made.reference, Answer.NOT_SOLVED, by=by)


def resolve(moot, made, by="cleo"):
    words = Words(new_id(moot.node), "It is done.")
    resolutions.resolve(moot.node, made.reference, words, by=moot[by])


def taken(moot, by):
    return assignments.take_next(moot.node, by=moot[by])


def test_what_is_appealed_goes_to_somebody_else(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.CLOSED)

    resolutions.appeal(moot.node, made.reference, by=moot.guest(made))

    assert taken(moot, "cleo") is None
    assert taken(moot, "eve") == made.reference


def test_who_had_it_takes_on_again_what_is_only_reopened(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.CLOSED)

    resolutions.reopen(moot.node, made.reference, by=moot.guest(made))

    assert taken(moot, "cleo") == made.reference


def test_the_third_time_it_is_not_solved_somebody_else_takes_it_on(moot, resolved):
    for _ in range(2):
        dispute(moot, resolved)
        assert moot.state(resolved) is State.WORKING
        resolve(moot, resolved)

    dispute(moot, resolved)

    shown = cases.view(moot.node, resolved.reference, by=moot.guest(resolved))
    assert (shown.state, shown.responsible) == (State.QUEUED, None)
    assert any("third time" in it.reason for it in shown.timeline)
    assert taken(moot, "cleo") is None
    assert taken(moot, "eve") == resolved.reference
    assert list(folding.verify(moot.node)) == []


def test_what_a_rule_did_leaves_the_member_their_own_free_change(moot, resolved):
    for _ in range(2):
        dispute(moot, resolved)
        resolve(moot, resolved)
    dispute(moot, resolved)
    assert taken(moot, "eve") == resolved.reference

    found = wishes.somebody_else(moot.node, resolved.reference, by=moot.guest(resolved))

    assert found is Chance.NOW
