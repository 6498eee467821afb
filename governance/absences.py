"""When somebody is at work, and who stands in for them while they are not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from governance.errors import ChoiceInvalid

_LAST_MINUTE = 1440
_LAST_DAY = 6

#: Who stands in for whom, in the order in which they are asked.
Chains = Mapping[UUID, Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Shift:
    """Some hours of one weekday, in the community's own time."""

    #: Monday is 0.
    weekday: int
    from_minute: int
    #: Not included; 1440 is midnight.
    to_minute: int


def check_shift(shift: Shift) -> None:
    """Refuse hours that do not lie within one day."""
    ordered = 0 <= shift.from_minute < shift.to_minute <= _LAST_MINUTE
    if not (ordered and 0 <= shift.weekday <= _LAST_DAY):
        raise ChoiceInvalid("Hours begin before they end, within one day.")


def on_duty(shifts: Iterable[Shift], *, at: datetime, zone: tzinfo) -> bool:
    """Say whether somebody can be asked at a moment; who named no hours, always."""
    named = tuple(shifts)
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return not named or any(
        one.weekday == local.weekday() and one.from_minute <= minute < one.to_minute
        for one in named
    )


def check_chain(person: UUID, substitutes: Sequence[UUID], others: Chains) -> None:
    """Refuse substitutes whose own substitutes lead back to who is away.

    `others` are those of everybody else who is away at some time of it.
    """
    if person in substitutes:
        raise ChoiceInvalid("Nobody stands in for themselves.")
    if len(set(substitutes)) != len(substitutes):
        raise ChoiceInvalid("Name everybody once.")
    if person in along(person, {**others, person: substitutes}, seen=frozenset()):
        raise ChoiceInvalid("They would send it back to you: that is a loop.")


def along(
    person: UUID, chains: Chains, *, seen: frozenset[UUID] | None = None
) -> Iterator[UUID]:
    """Yield who stands in for somebody, each once: the nearest first, then theirs."""
    known = {person} if seen is None else set(seen)
    waiting = list(chains.get(person, ()))
    while waiting:
        one = waiting.pop(0)
        if one not in known:
            known.add(one)
            yield one
            waiting.extend(chains.get(one, ()))
