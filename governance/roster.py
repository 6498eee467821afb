"""Who is on call: turns with dates, who comes next, and when nobody is.

Casework, sections 4 and 5: somebody in danger does not wait for opening hours.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from governance.absences import along
from governance.errors import ChoiceInvalid

#: Nobody is on call for longer in one go. No preset has a number for it.
LONGEST: Final = timedelta(days=31)
#: Who is on call is written down at most so far ahead.
AHEAD: Final = timedelta(days=366)
#: First in line, and so many behind them.
RANKS: Final = 3
#: How long whoever is called has, before the next one is. No preset has a number for
#: it: an urgent triage is promised within an hour, which leaves time for three calls.
ANSWER: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Some time in which somebody is on call."""

    person: UUID
    from_at: datetime
    #: Not included.
    until_at: datetime
    #: 1 is called first, 2 is next in line.
    rank: int = 1
    #: None: for every team, behind whoever is on call for it.
    team: UUID | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Some time in which somebody is away, and who stands in, in that order."""

    person: UUID
    from_at: datetime
    until_at: datetime
    substitutes: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Some time in which nobody is on call."""

    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that says who is on call."""

    turns: Sequence[Turn]
    leaves: Sequence[Leave] = ()


def check_turn(turn: Turn, others: Iterable[Turn], *, at: datetime) -> None:
    """Refuse a turn that is none, or that somebody or somebody's place has already.

    `others` are the turns that are written down.
    """
    if turn.until_at <= turn.from_at or turn.until_at <= at:
        raise ChoiceInvalid("A turn ends after it begins, to come.", field="until")
    if turn.until_at - turn.from_at > LONGEST or turn.until_at > at + AHEAD:
        raise ChoiceInvalid(
            f"A turn is at most {LONGEST.days} days long, within a year.", field="until"
        )
    if not 1 <= turn.rank <= RANKS:
        raise ChoiceInvalid("Choose a place from the list.", field="rank")
    for other in others:
        if _overlap(turn, other) and other.person == turn.person:
            raise ChoiceInvalid("They are on call then already.", field="person")
        if _overlap(turn, other) and (other.team, other.rank) == (turn.team, turn.rank):
            raise ChoiceInvalid("Somebody has this place then.", field="rank")


def line(
    plan: Plan, *, at: datetime, team: UUID | None, walled: AbstractSet[UUID]
) -> tuple[UUID, ...]:
    """Return who is called at an instant, in order; never anybody of `walled`.

    First who is on call for the team, then who is for all. For who is away, the first
    who stands in and is there.
    """
    turns = [it for it in plan.turns if _holds(it, at) and it.team in {team, None}]
    turns.sort(key=lambda it: (it.team is None, it.rank, it.from_at, it.person))
    chains = {it.person: it.substitutes for it in plan.leaves if _holds(it, at)}
    none = walled | chains.keys()
    found = []
    for turn in turns:
        asked = [turn.person]
        if turn.person in chains:
            asked = list(along(turn.person, chains))
        found += [it for it in asked if it not in none][:1]
    return tuple(dict.fromkeys(found))


def stands_in(turn: Turn, plan: Plan) -> Iterator[tuple[Leave, UUID | None]]:
    """Yield each absence within a turn, and who is called then; None for nobody."""
    for leave in plan.leaves:
        if leave.person == turn.person and _overlap(turn, leave):
            alone = Plan([turn], plan.leaves)
            at = max(turn.from_at, leave.from_at)
            there = line(alone, at=at, team=turn.team, walled=frozenset())
            yield leave, next(iter(there), None)


def next_after(called: Collection[UUID], there: Sequence[UUID]) -> UUID | None:
    """Return the first in line who was not called yet, if there is anybody."""
    return next((one for one in there if one not in called), None)


def gaps(plan: Plan, span: Gap, *, team: UUID | None) -> tuple[Gap, ...]:
    """Return when nobody is on call within a span of time, in order."""
    ends = {span.from_at, span.until_at}
    ends |= {it for turn in plan.turns for it in (turn.from_at, turn.until_at)}
    ends |= {it for leave in plan.leaves for it in (leave.from_at, leave.until_at)}
    marks = sorted(it for it in ends if span.from_at <= it <= span.until_at)
    found: list[Gap] = []
    for begin, end in pairwise(marks):
        if line(plan, at=begin, team=team, walled=frozenset()):
            continue
        if found and found[-1].until_at == begin:
            found[-1] = Gap(found[-1].from_at, end)
        else:
            found.append(Gap(begin, end))
    return tuple(found)


def _holds(one: Turn | Leave, at: datetime) -> bool:
    return one.from_at <= at < one.until_at


def _overlap(one: Turn | Leave, other: Turn | Leave) -> bool:
    return one.from_at < other.until_at and other.from_at < one.until_at
