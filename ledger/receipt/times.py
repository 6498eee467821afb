"""When it was: witnesses' clocks around an entry, which neither party controls.

The node's and the author's own times are claims. What an entry cites was there before
it, and what includes it came after.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.cosignature import AHEAD
from ledger.errors import Invalid


@dataclass(frozen=True, slots=True)
class Bracket:
    """Witnesses' times before and after, in seconds; None where there are none."""

    not_before: int | None = None
    not_after: int | None = None

    def require_at(self, at: int, what: str) -> None:
        """Refuse a clock's time, in milliseconds, that witnesses rule out.

        Clocks may differ by 300 seconds, as much as a witness's may be ahead.
        """
        early = self.not_before is not None and at // 1000 < self.not_before - AHEAD
        late = self.not_after is not None and at // 1000 > self.not_after + AHEAD
        if early or late:
            raise Invalid("time-outside", f"Witnesses rule out the time of {what}.")


def tightened(brackets: Sequence[Bracket]) -> list[Bracket]:
    """Return the brackets of entries that stand in this order, each made narrower.

    An entry came after whatever came before an earlier one, and the other way round.
    """
    first: int | None = None
    forward: list[Bracket] = []
    for one in brackets:
        first = max(_known(first, one.not_before), default=None)
        forward.append(replace(one, not_before=first))
    last: int | None = None
    backward: list[Bracket] = []
    for one in reversed(forward):
        last = min(_known(last, one.not_after), default=None)
        backward.append(replace(one, not_after=last))
    return backward[::-1]


def _known(*times: int | None) -> list[int]:
    return [at for at in times if at is not None]


def elapsed(asked: Bracket, answered: Bracket) -> tuple[int, int | None]:
    """Return the least and the most seconds from one entry to a later one.

    The most is None where no witness bounds it.
    """
    least = 0
    if answered.not_before is not None and asked.not_after is not None:
        least = max(answered.not_before - asked.not_after, 0)
    if answered.not_after is None or asked.not_before is None:
        return least, None
    return least, answered.not_after - asked.not_before
