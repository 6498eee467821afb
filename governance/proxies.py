"""Telling something for somebody else: beside them, or while they are not here.

Beside somebody it is their own yes, for a short time, on a screen they can see. For
somebody who is not here it is whoever types it who speaks, until they say otherwise.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from governance.errors import ChoiceInvalid, Refusal

#: The design's number (casework 2): nobody acts for somebody longer at a time.
LASTS: Final = timedelta(minutes=30)
#: The verb of the bylaws.
VERB: Final = "case.submit_for"


class ProxyOver(Refusal):
    """Acting beside somebody has ended, or never was this person's."""

    code = "proxy.over"


def check_agreed(*, agreed: bool) -> None:
    """Refuse to begin without the word of whoever sits there."""
    if not agreed:
        raise ChoiceInvalid(
            "Only they can agree to it. Ask them to tick it themselves.", field="agreed"
        )


def is_over(ends_at: datetime, ended_at: datetime | None, *, at: datetime) -> bool:
    """Say whether acting beside somebody is over: ended, or too long ago."""
    return ended_at is not None or at >= ends_at


def check_beside(by: UUID | None, holder: UUID, *, over: bool) -> None:
    """Refuse whoever did not begin it, and everybody once it is over."""
    if by != holder or over:
        raise ProxyOver("This is over. Begin again while they are beside you.")
