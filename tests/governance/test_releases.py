from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import ReasonMissing, SecondPerson, WrongState
from governance.releases import (
    CLOCK,
    WARNINGS,
    Outcome,
    check_decider,
    is_late,
    may_decide,
    outcome,
)
from governance.threads import NoteKind

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_note_is_decided_within_seven_days_and_the_last_warning_is_their_end():
    assert timedelta(days=7) == CLOCK == WARNINGS[-1]
    assert sorted(WARNINGS) == list(WARNINGS)


def test_what_is_shown_whole_needs_no_reason():
    assert outcome("She is afraid.", " She is afraid.\n", "") is Outcome.SHOWN


@pytest.mark.parametrize(
    ("shown", "found"), [("She is …", Outcome.IN_PART), (" ", Outcome.KEPT_BACK)]
)
def test_whoever_leaves_something_out_says_why(shown, found):
    with pytest.raises(ReasonMissing):
        outcome("She is afraid.", shown, " ")
    assert outcome("She is afraid.", shown, "It names a neighbour.") is found


@given(written=st.text(), shown=st.text(), reason=st.text())
def test_nothing_is_left_out_without_a_reason(written, shown, reason):
    try:
        found = outcome(written, shown, reason)
    except ReasonMissing:
        assert not reason.strip()
        assert shown.strip() != written.strip()
    else:
        assert (found is Outcome.SHOWN) == (shown.strip() == written.strip())


def decider(kind, **more):
    usual = {"decided": False, "wrote": False, "leads": False, "guards": False}
    check_decider(kind, **(usual | more))


def test_working_notes_are_for_who_shares_out_the_case_and_sealed_ones_for_guards():
    decider(NoteKind.WORKING, leads=True, wrote=True)
    decider(NoteKind.SEALED, guards=True)
    for kind, other in ((NoteKind.WORKING, "guards"), (NoteKind.SEALED, "leads")):
        assert not may_decide(kind, leads=other == "leads", guards=other == "guards")
        with pytest.raises(WrongState):
            decider(kind, **{other: True})


def test_nobody_decides_about_what_they_sealed_themselves():
    with pytest.raises(SecondPerson):
        decider(NoteKind.SEALED, guards=True, wrote=True)


def test_a_note_is_decided_about_once():
    with pytest.raises(WrongState):
        decider(NoteKind.WORKING, leads=True, decided=True)


def test_late_is_what_was_not_decided_when_the_time_was_over_and_stays_late():
    due = MONDAY + CLOCK
    assert not is_late(due, None, at=due)
    assert is_late(due, None, at=due + timedelta(seconds=1))
    assert not is_late(due, due, at=due + CLOCK)
    assert is_late(due, due + timedelta(seconds=1), at=due + CLOCK)
