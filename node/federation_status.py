"""How it goes between us and the nodes we know, for whoever runs this one.

Hosts, numbers and codes alone: nothing of what was sent is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from federation.delivery import State
from federation.policy import Mode
from node import actors, peers
from node.core import Node
from node.models.follows import Follow
from node.models.outbox import Courier, Outgoing, Target
from node.models.peers import Peer, RemoteActor
from node.outbox import couriers

_UNDER_WAY = (State.WAITING, State.SENDING)
#: What ended without arriving because nobody wanted it to any more.
_NO_FAILURES = ("taken-back", "moved")


class Health(StrEnum):
    """How sending to a node goes."""

    WELL = "well"
    #: It failed lately, so tries are further apart.
    BACKING_OFF = "backing-off"
    #: It failed on seven days, so only what takes something back is kept for it.
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Line:
    """One node that we met."""

    host: str
    mode: Mode
    state: Health
    #: How many there follow our community, and how many there it follows.
    followers: int
    followed: int
    #: When the newest thing that arrived there did.
    arrived_at: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What did not reach a node for one reason."""

    host: str
    state: State
    #: The status it answered, or a code; `untried` before the first try.
    reason: str
    count: int
    #: Since when the oldest of it is there.
    since: datetime
    #: When the node is tried again; None for what is not tried by itself.
    next_try_at: datetime | None


def known(node: Node) -> list[Line]:
    """Return every node that we met, by its name."""
    arrived = (
        select(Target.at)
        .where(Target.origin == Peer.origin, Target.state == State.DONE)
        .order_by(Target.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    with node.read() as tx:
        rows = tx.execute(
            select(Peer.origin, Peer.mode, Courier, arrived)
            .outerjoin(Courier, Courier.origin == Peer.origin)
            .order_by(Peer.origin)
        ).all()
        own = f"{node.settings.origin}{actors.community(tx)}"
        followers = _follows(tx, Follow.actor, Follow.object, own)
        followed = _follows(tx, Follow.object, Follow.actor, own)
        waiting = _waiting(tx)
        return [
            Line(
                peers.host_of(origin), Mode(mode), health(courier, at=node.now()),
                followers.get(origin, 0), followed.get(origin, 0), at,
                waiting.get(origin, 0),
            )
            for origin, mode, courier, at in rows
        ]  # fmt: skip


def undelivered(node: Node) -> list[Undelivered]:
    """Return what waits, is parked or failed, by node and reason."""
    grouped = (
        select(
            Target.origin,
            Target.state,
            Target.answer,
            func.count().label("number"),
            func.min(Target.seq).label("first"),
        )
        .where(Target.state != State.DONE, Target.answer.not_in(_NO_FAILURES))
        .group_by(Target.origin, Target.state, Target.answer)
        .subquery()
    )
    of = grouped.c
    with node.read() as tx:
        rows = tx.execute(
            select(grouped, Outgoing.created_at, Courier.next_try_at)
            .join(Outgoing, Outgoing.seq == of.first)
            .outerjoin(Courier, Courier.origin == of.origin)
            .order_by(of.origin, of.state.desc(), of.answer)
        ).all()
    return [
        Undelivered(
            peers.host_of(row.origin), row.state, row.answer or "untried", row.number,
            row.created_at, row.next_try_at if row.state in _UNDER_WAY else None,
        )
        for row in rows
    ]  # fmt: skip


def health(courier: Courier | None, *, at: datetime) -> Health:
    """Say how sending to a node goes, by who sends to it."""
    if courier is None:
        return Health.WELL
    if couriers.silence(courier).is_dead:
        return Health.DEAD
    breaker = couriers.breaker(courier)
    paused = breaker.open_until is not None and breaker.open_until > at
    return Health.BACKING_OFF if paused or breaker.failures else Health.WELL


def _follows(
    tx: Session,
    there: InstrumentedAttribute[str],
    here: InstrumentedAttribute[str],
    own: str,
) -> Mapping[str, int]:
    found = (
        select(RemoteActor.origin, func.count())
        .join(Follow, there == RemoteActor.id)
        .where(here == own, Follow.state == "accepted")
        .group_by(RemoteActor.origin)
    )
    return dict(tx.execute(found).all())


def _waiting(tx: Session) -> Mapping[str, int]:
    # By origin, as the index has it: what was delivered long ago is not read.
    found = (
        select(Target.origin, func.count())
        .where(Target.origin.in_(select(Courier.origin)), Target.state.in_(_UNDER_WAY))
        .group_by(Target.origin)
    )
    return dict(tx.execute(found).all())
