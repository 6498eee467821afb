"""What another node's answer means for the row that was sent to it.

The table of answers is written out: what is dropped, what is kept for stewards, and
what is tried again, by lane. Rows of lane C are never dropped.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final, Protocol

from federation.inbox.table import Lane

LONGEST_BACKOFF: Final = timedelta(hours=12)
SHORTEST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(hours=24)
#: A row that fails so long, while others arrive, is itself the trouble.
POISONED_AFTER: Final = timedelta(hours=24)

_MOST_DOUBLINGS: Final = 16  # 2^16 s is more than the longest backoff
_DICE: Final = 8
_SECONDS: Final = re.compile(r"[0-9]{1,4000}", re.ASCII)  # `int` takes no more

_LAST_STATUS: Final = 599
_LONGEST_SECONDS: Final = int(LONGEST_WAIT.total_seconds())
_LATER: Final = frozenset({408, 425, 429})
_NOWHERE: Final = frozenset({404, 410})


class Answer(Protocol):
    """What came back, as far as it matters here."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def fields(self) -> Mapping[str, str]:
        """The header fields."""


class Do(StrEnum):
    """What to do with a row."""

    DONE = "done"
    WAIT = "wait"
    RETRY = "retry"
    DROP = "drop"
    PARK = "park"
    REFUSED = "refused"
    INBOX_GONE = "inbox-gone"
    REFETCH_ACTOR = "refetch-actor"


class Health(StrEnum):
    """What an answer says about the other node."""

    WELL = "well"
    FAILED = "failed"
    #: It is there, and asks for time.
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to do, not before when, and what it says of the other node."""

    do: Do
    until: datetime | None = None
    health: Health = Health.WELL
    #: The same id has other bytes there: somebody should look.
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a row when its answer comes."""

    at: datetime
    #: How often it failed before.
    attempt: int = 0
    #: The actor was fetched anew, and still names this inbox, or is gone.
    refetched: bool = False
    #: Since when every answer to this row is a 5xx or none.
    failing_since: datetime | None = None
    #: Other requests to the origin have succeeded since.
    others_arrive: bool = False


def backoff(attempt: int, dice: Callable[[int], bytes]) -> timedelta:
    """Return how long to wait after that many failures before this one."""
    doublings = min(max(attempt, 0), _MOST_DOUBLINGS)
    longest = min(LONGEST_BACKOFF, timedelta(seconds=1 << doublings))
    thrown = int.from_bytes(dice(_DICE), "big") / (1 << 8 * _DICE)
    return longest * (0.5 + thrown)


def outcome(
    answer: Answer | None, lane: Lane, known: Known, dice: Callable[[int], bytes]
) -> Outcome:
    """Return what to do about an answer; None is a network that gave none.

    Whether another way to sign might help is settled before: see `signatures.knock`.
    """
    if answer is None or not HTTPStatus.OK <= answer.status <= _LAST_STATUS:
        return _failed(known, dice)
    status = answer.status
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(Do.DONE)
    asked = _field(answer.fields, "retry-after")
    if status in _LATER or (status == HTTPStatus.SERVICE_UNAVAILABLE and asked):
        return _later(asked, known, dice)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _failed(known, dice)
    return _settled(status, lane, known)


def retry_after(text: str, *, at: datetime) -> timedelta | None:
    """Return how long a node asks to be left alone, within reason.

    What is neither a number nor a date says nothing.
    """
    text = text.strip()
    if _SECONDS.fullmatch(text.removeprefix("-")):
        asked = 0 if text.startswith("-") else min(int(text), _LONGEST_SECONDS)
        return _clamp(timedelta(seconds=asked))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date without a zone is read as everybody's.
    return _clamp((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - at)


def _clamp(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def _later(asked: str, known: Known, dice: Callable[[int], bytes]) -> Outcome:
    wait = retry_after(asked, at=known.at)
    if wait is None:
        wait = _clamp(backoff(known.attempt, dice))
    return Outcome(Do.WAIT, known.at + wait, Health.BUSY)


def _failed(known: Known, dice: Callable[[int], bytes]) -> Outcome:
    since = known.failing_since
    if since and known.others_arrive and known.at - since >= POISONED_AFTER:
        return Outcome(Do.PARK, health=Health.FAILED)
    until = known.at + backoff(known.attempt, dice)
    return Outcome(Do.RETRY, until, Health.FAILED)


def _settled(status: int, lane: Lane, known: Known) -> Outcome:
    if status == HTTPStatus.CONFLICT:
        return Outcome(Do.PARK, alarm=True)
    moved = status < HTTPStatus.BAD_REQUEST
    if not known.refetched and (moved or (lane is Lane.PUBLIC and status in _NOWHERE)):
        return Outcome(Do.REFETCH_ACTOR)
    if status == HTTPStatus.FORBIDDEN and lane is Lane.PRIVATE:
        return Outcome(Do.REFUSED)
    if lane is not Lane.PUBLIC:
        return Outcome(Do.PARK)
    return Outcome(Do.INBOX_GONE if status in _NOWHERE else Do.DROP)


def _field(fields: Mapping[str, str], name: str) -> str:
    return next((text for key, text in fields.items() if key.lower() == name), "")
