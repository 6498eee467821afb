from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.consent import Purpose, in_force, require_consent
from governance.errors import ConsentMissing

GIVEN = datetime(2026, 1, 1, tzinfo=UTC)
BIRCH = "https://birch.example"


@dataclass(frozen=True)
class Agreed:
    purpose: Purpose = Purpose.SHARE_WITH_NODE
    recipient: str | None = BIRCH
    given_at: datetime = GIVEN
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
