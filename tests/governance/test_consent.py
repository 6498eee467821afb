from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from governance.consent import (
    COVERS,
    HELD,
    Data,
    Purpose,
    Standing,
    fold,
    in_force,
    require_consent,
    step,
)
from governance.errors import ConsentMissing, WrongState

GIVEN = datetime(2026, 1, 1, tzinfo=UTC)
BIRCH = "https://birch.example"


@dataclass(frozen=True)
class Agreed:
    purpose: Purpose = Purpose.SHARE_WITH_NODE
    recipient: str | None = BIRCH
    given_at: datetime | None = GIVEN
    valid_until: datetime | None = None
    withdrawn_at: datetime | None = None


def after(days):
    return GIVEN + timedelta(days=days)


days = st.integers(-5, 40)


@given(days, st.none() | days, st.none() | days)
def test_consent_holds_from_giving_until_its_first_end(at, until, withdrawn):
    consent = Agreed(
        valid_until=None if until is None else after(until),
        withdrawn_at=None if withdrawn is None else after(withdrawn),
    )
    ends = [end for end in (until, withdrawn) if end is not None]

    assert in_force(consent, at=after(at)) == (0 <= at < min(ends, default=99))


def test_a_consent_covers_its_purpose_and_recipient():
    other = Agreed(purpose=Purpose.PUBLISH)

    found = require_consent(
        [other, Agreed()], Purpose.SHARE_WITH_NODE, recipient=BIRCH, at=after(1)
    )

    assert found == Agreed()


@pytest.mark.parametrize(
    "given_consents",
    [
        [],
        [Agreed(purpose=Purpose.PUBLISH)],
        [Agreed(recipient="https://cedar.example")],
        [Agreed(recipient=None)],
        [Agreed(withdrawn_at=after(1))],
    ],
)
def test_nothing_else_stands_in_for_a_consent(given_consents):
    with pytest.raises(ConsentMissing, match="share with node") as no:
        require_consent(
            given_consents, Purpose.SHARE_WITH_NODE, recipient=BIRCH, at=after(1)
        )
    assert no.value.values == {"purpose": "share_with_node"}


def test_every_purpose_of_the_casework_document_is_known():
    assert " ".join(Purpose) == (
        "handle_case share_with_node share_with_body join_collective publish "
        "contact_case contact_outreach record_call keep_after_close "
        "statistics_traits introduce media"
    )


def test_nothing_is_covered_by_a_consent_to_something_else_of_a_member():
    asked = {"recipient": BIRCH, "at": after(1)}

    found = require_consent(
        [Agreed()], Purpose.SHARE_WITH_NODE, data={Data.CASE}, **asked
    )
    with pytest.raises(ConsentMissing):
        require_consent(
            [Agreed()],
            Purpose.SHARE_WITH_NODE,
            data={Data.CASE, Data.CONTACT},
            **asked,
        )

    assert found == Agreed()


def test_what_was_only_asked_for_is_not_agreed_to():
    assert not in_force(Agreed(given_at=None), at=after(1))


def test_every_purpose_says_what_it_covers():
    assert COVERS.keys() == set(Purpose)
    assert all(COVERS.values())


@dataclass(frozen=True)
class Happened:
    at: datetime
    state: Standing
    valid_until: datetime | None = None


class Recording(RuleBasedStateMachine):
    """One record, to which anything is tried at any time."""

    def __init__(self):
        super().__init__()
        self.events, self.state, self.day = [], None, 0

    @rule(what=st.sampled_from(Standing), until=st.none() | st.integers(0, 9))
    def try_it(self, what, until):
        """Write down one thing more, or find it refused with nothing changed."""
        self.day += 1
        end = None if until is None else after(self.day + until)
        event = Happened(after(self.day), what, end)
        try:
            self.state = step(self.state, what)
        except WrongState:
            with pytest.raises(WrongState):
                fold([*self.events, event])
        else:
            self.events.append(event)

    @invariant()
    def says_what_happened(self):
        """The record says the last event, and holds only while the member agrees."""
        found = fold(self.events)
        if not self.events:
            assert found is None
            return
        last = self.events[-1]
        assert found.state is last.state
        given = [one for one in self.events if one.state in HELD]
        assert found.given_at == (given[0].at if given else None)
        if given:
            assert found.valid_until == given[-1].valid_until
        over = last.state not in HELD and last.state is not Standing.REQUESTED
        assert found.ended_at == (last.at if over else None)
        row = Agreed(
            given_at=found.given_at,
            valid_until=found.valid_until,
            withdrawn_at=found.ended_at,
        )
        assert not over or not in_force(row, at=last.at)

    @invariant()
    def never_comes_back(self):
        """After refusing, taking back or expiring, nothing happens to it any more."""
        ended = {Standing.REFUSED, Standing.WITHDRAWN, Standing.EXPIRED}
        assert not any(one.state in ended for one in self.events[:-1])


TestRecording = Recording.TestCase
