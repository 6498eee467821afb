"""Which rows of one origin may go out now.

Control, private and bulk lanes keep their order strictly. In the public lane only
what belongs together does, so one slow thread delays no other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from federation.delivery.breaker import Gate
from federation.inbox.table import Lane

MOST_IN_FLIGHT: Final = 8

#: C before P, P before all else.
_RANK: Final = {Lane.CONTROL: 0, Lane.PRIVATE: 1, Lane.BULK: 2, Lane.PUBLIC: 2}


class State(StrEnum):
    """Where a row is."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    DROPPED = "dropped"
    REFUSED = "refused"
    #: A steward looks at it; what follows in its context waits.
    PARKED = "parked"


UNFINISHED: Final = frozenset({State.WAITING, State.SENDING})
#: What holds back what follows in its context, in a strict lane and in the other.
_HOLDING: Final = {True: UNFINISHED | {State.PARKED}, False: UNFINISHED}


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the order sees it."""

    seq: int
    lane: Lane
    state: State
    #: What it belongs to; None belongs to nothing.
    context: str | None = None
    #: Not before; None is at once.
    due: datetime | None = None


def cursor(rows: Iterable[Row]) -> int | None:
    """Return the lowest unfinished number, or None if everything is finished."""
    return min((row.seq for row in rows if row.state in UNFINISHED), default=None)


def due(
    rows: Iterable[Row], *, at: datetime, gate: Gate = Gate.CLOSED
) -> tuple[Row, ...]:
    """Return the rows of one origin to start now, those in flight not among them.

    Parked rows are given too: they hold back what follows in their context.
    """
    ordered = sorted(rows, key=lambda row: row.seq)
    if gate is Gate.OPEN:
        return ()
    if gate is Gate.PROBE:
        return _probe(ordered)
    startable = [row for lane in Lane for row in _of_lane(ordered, lane, at)]
    busy = [row for row in ordered if row.state is State.SENDING]
    first = min((_RANK[row.lane] for row in [*busy, *startable]), default=0)
    return tuple(row for row in startable if _RANK[row.lane] == first)


def _probe(ordered: Sequence[Row]) -> tuple[Row, ...]:
    if any(row.state is State.SENDING for row in ordered):
        return ()
    heads = [row for lane in Lane for row in _in_turn(ordered, lane)]
    control = [row for row in heads if row.lane is Lane.CONTROL]
    return tuple(sorted(control or heads, key=lambda row: row.seq)[:1])


def _of_lane(ordered: Sequence[Row], lane: Lane, at: datetime) -> list[Row]:
    flying = sum(row.lane is lane and row.state is State.SENDING for row in ordered)
    room = MOST_IN_FLIGHT - flying if lane is Lane.PUBLIC else 1 - flying
    ready = [row for row in _in_turn(ordered, lane) if row.due is None or row.due <= at]
    return ready[: max(room, 0)]


def _in_turn(ordered: Sequence[Row], lane: Lane) -> Iterator[Row]:
    strict = lane is not Lane.PUBLIC
    held: set[str] = set()
    for row in ordered:
        if row.lane is not lane or row.state not in _HOLDING[strict]:
            continue
        free = row.context not in held
        if row.context is not None:
            held.add(row.context)
        if free and row.state is State.WAITING:
            yield row
        if free and strict and row.state in UNFINISHED:
            return
