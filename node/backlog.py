"""What did not reach other nodes yet, as stewards see it: one line for each node."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from federation.delivery import State
from node import follows, peers
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.outbox import Courier, Outgoing, Target

#: How many lines there are at most.
_MOST = 50
_OPEN = (State.WAITING, State.SENDING, State.PARKED)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What did not reach a node yet."""

    host: str
    waiting: int
    #: Refused in a way that a person has to look at.
    parked: int
    #: Since when the oldest of it waits.
    since: datetime
    #: What the node said last; a status, or a code where it said nothing.
    answer: str
    #: Until when nothing is tried; None while it goes on.
    paused_until: datetime | None


def listed(node: Node, *, by: Visitor) -> list[Backlog]:
    """Return what waits or is parked, for each node, the oldest first."""
    follows.require_steward(node, by)
    with node.read() as tx:
        # By origin, as the index has it: what was delivered long ago is not read.
        rows = tx.execute(
            select(
                Target.origin,
                func.count().filter(Target.state != State.PARKED),
                func.count().filter(Target.state == State.PARKED),
                func.min(Target.seq),
            )
            .where(Target.origin.in_(select(Courier.origin)), Target.state.in_(_OPEN))
            .group_by(Target.origin)
            .order_by(func.min(Target.seq))
            .limit(_MOST)
        ).all()
        oldest = _oldest(tx, ((origin, seq) for origin, *_, seq in rows))
        couriers = _couriers(tx, (origin for origin, *_ in rows))
    now = node.now()
    return [
        Backlog(
            peers.host_of(origin), waiting, parked, *oldest[origin],
            paused_until=_later(couriers[origin].open_until, now),
        )
        for origin, waiting, parked, _ in rows
    ]  # fmt: skip


def _oldest(
    tx: Session, among: Iterable[tuple[str, int]]
) -> dict[str, tuple[datetime, str]]:
    found = tx.execute(
        select(Target.origin, Outgoing.created_at, Target.answer)
        .join(Outgoing, Outgoing.seq == Target.seq)
        .where(tuple_(Target.origin, Target.seq).in_(list(among)))
    )
    return {origin: (created_at, answer) for origin, created_at, answer in found}


def _couriers(tx: Session, among: Iterable[str]) -> dict[str, Courier]:
    rows = tx.scalars(select(Courier).where(Courier.origin.in_(list(among))))
    return {row.origin: row for row in rows}


def _later(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and at > now else None
