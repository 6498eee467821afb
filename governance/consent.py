"""What a member agreed to, for which purpose, with whom, until when.

Consent is asked for before anything leaves or goes beyond the case; nobody can
overrule that it is missing. One record is for one purpose.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from governance.errors import ConsentMissing


class Purpose(StrEnum):
    """What consent is given for."""

    HANDLE_CASE = "handle_case"
    SHARE_WITH_NODE = "share_with_node"
    SHARE_WITH_BODY = "share_with_body"
    JOIN_COLLECTIVE = "join_collective"
    PUBLISH = "publish"
    CONTACT_CASE = "contact_case"
    CONTACT_OUTREACH = "contact_outreach"
    RECORD_CALL = "record_call"
    KEEP_AFTER_CLOSE = "keep_after_close"
    STATISTICS_TRAITS = "statistics_traits"
    INTRODUCE = "introduce"
    MEDIA = "media"


class Consent(Protocol):
    """The facts about one consent that the rules look at."""

    @property
    def purpose(self) -> Purpose:
        """What it is for."""

    @property
    def recipient(self) -> str | None:
        """Whom it names; None when the purpose has no recipient."""

    @property
    def given_at(self) -> datetime:
        """When it was given."""

    @property
    def valid_until(self) -> datetime | None:
        """When it ends by itself; None for not at all."""

    @property
    def withdrawn_at(self) -> datetime | None:
        """When the member took it back; None while they have not."""


def in_force(consent: Consent, *, at: datetime) -> bool:
    """Say whether a consent holds at a moment."""
    ends = (consent.valid_until, consent.withdrawn_at)
    return consent.given_at <= at and all(end is None or at < end for end in ends)


def require_consent(
    consents: Iterable[Consent],
    purpose: Purpose,
    *,
    recipient: str | None,
    at: datetime,
) -> Consent:
    """Return the consent that covers this, or refuse.

    Called when something is written down to be sent, and again when it is sent.
    """
    for consent in consents:
        if (consent.purpose, consent.recipient) == (purpose, recipient) and in_force(
            consent, at=at
        ):
            return consent
    said = purpose.replace("_", " ")
    raise ConsentMissing(f"The member has not agreed to this: {said}.", purpose=purpose)
