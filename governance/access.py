"""Who read what of somebody else's matter, and why they could.

A read that nobody can see afterwards is no different from one that was stolen, so
each stands in a row: as what somebody read, which part, when and on what ground.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from governance.errors import ChoiceInvalid

#: The design's default: no preset has a number for it. A second look at the same
#: thing within it is counted in the row of the first.
SAME_LOOK: Final = timedelta(hours=1)


class Field(StrEnum):
    """What is read that not everybody may read."""

    CASE = "case"
    #: The story of a case that waits for triage, without its person.
    TRIAGE = "triage"
    NOTES = "notes"
    #: What the member said about how it was handled.
    FEEDBACK = "feedback"
    RECEIPT = "receipt"
    BUNDLE = "bundle"
    #: The titles a search found.
    SEARCH = "search"
    CONTACT = "contact"
    PERSON = "person"
    #: What a member asked about their own data.
    REQUEST = "request"
    #: The log of reads itself.
    AUDIT = "audit"


class Ground(StrEnum):
    """Why somebody could read it; or that they could not."""

    #: They answer for the case.
    ASSIGNED = "assigned"
    #: Their office has the case in its scope.
    OFFICE = "office"
    #: It waits, and they could take it.
    QUEUE = "queue"
    #: A second person agreed that they look, for a reason and a short time.
    GLASS = "glass"
    #: The member named them, and they agreed to be in the case.
    PARTY = "party"
    #: There was nothing they may read, whether or not it exists.
    REFUSED = "refused"


class Sent(StrEnum):
    """What of a case left the community."""

    PUBLIC_WORDS = "public_words"
    OFFER = "offer"
    CASE = "case"
    #: What a party was shown, whom the member named.
    STATE = "state"
    MESSAGES = "messages"
    FILES = "files"
    #: One message that named them.
    COPY = "copy"


#: The verb of the bylaws for reading what no role of one's own opens.
BREAK: Final = "access.break_glass"
#: A second person's yes counts within a day (`two_person`); later one asks again.
ASKED_FOR: Final = timedelta(hours=24)
#: The longest a steward may keep a look from the member it was about; the design
#: wants an end date and names no number.
LONGEST_SEAL: Final = timedelta(days=90)
#: A worker that stands still for this long has not broken the promise yet.
_MARGIN: Final = timedelta(hours=12)


def tell_at(opened: datetime, *, within: timedelta) -> datetime:
    """Return when a member is told that somebody looked, well within the time."""
    return opened + max(within - _MARGIN, within / 2)


def check_seal(until: datetime, *, at: datetime) -> None:
    """Refuse to keep a look from its member without an end that is near enough."""
    if not at < until <= at + LONGEST_SEAL:
        days = LONGEST_SEAL.days
        raise ChoiceInvalid(f"Name a day to come, within {days} days.", field="until")
