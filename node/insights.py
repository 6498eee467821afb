"""Open numbers: what was asked, answered and settled, and what still waits.

Nothing below ten is ever shown, so that a number never points at a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from governance.cases import State
from governance.pledges import PledgeKind
from node.core import Node
from node.models.cases import Case
from node.models.pledges import Pledge

#: The smallest number that is shown.
K = 10
_SPAN = timedelta(days=30)
_SETTLED = (State.CLOSED,)
_GONE = (State.CLOSED, State.DISCARDED, State.ERASED)


@dataclass(frozen=True, slots=True)
class Month:
    """The last thirty days, as everybody may see them."""

    told: int
    #: None where it, or what is left of all that was told, is below ten but not none.
    answered: int | None
    #: Half of the answers took no longer; None where there are too few.
    half_within: timedelta | None
    settled: int | None
    waiting: int | None


def month(node: Node) -> Month | None:
    """Return the numbers of the last thirty days; None while they are below ten."""
    now = node.now()
    since = now - _SPAN
    fresh = Case.received_at >= since
    with node.read() as tx:
        count = select(func.count()).select_from(Case)
        told = tx.scalar(count.where(fresh)) or 0
        settled = tx.scalar(count.where(fresh, Case.state.in_(_SETTLED))) or 0
        waits = tx.execute(
            select(Pledge.started_at, Pledge.met_at)
            .join(Case, Case.id == Pledge.case_id)
            .where(
                fresh,
                Pledge.kind == PledgeKind.FIRST_RESPONSE,
                Pledge.round == 0,
                Case.state.not_in((State.DISCARDED, State.ERASED)),
            )
        ).all()
        waiting = tx.scalar(count.where(fresh, Case.state.not_in(_GONE))) or 0
    if told < K:
        return None
    took = _took([(row.started_at, row.met_at) for row in waits])
    return Month(
        told,
        _shown(len(took), told),
        _half(took, len(waits)),
        _shown(settled, told),
        _shown(waiting, told),
    )


def _shown(part: int, whole: int) -> int | None:
    # Whoever knows the whole and one part knows the other.
    rest = whole - part
    return part if part >= K and (rest == 0 or rest >= K) else None


def _took(waits: list[tuple[datetime, datetime | None]]) -> list[timedelta]:
    return sorted(met - started for started, met in waits if met is not None)


def _half(took: list[timedelta], asked: int) -> timedelta | None:
    # Those still unanswered count as slower than all answered: leaving them out would
    # make a community that answers only the easy ones look quick.
    middle = (asked + 1) // 2
    return took[middle - 1] if len(took) >= max(middle, K) else None
