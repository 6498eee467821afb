"""Holding one origin: what may go to it now, and who is sending it.

Two workers never hold one origin. A process that dies half way leaves a lease that
ends, and what it may have sent is sent again: the other side takes it once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from federation import delivery
from federation.delivery import Breaker, Gate, Row, Silence, State
from federation.delivery.answers import POISONED_AFTER
from federation.inbox import Lane
from node.core import Node
from node.models.log import LedgerEntry
from node.models.outbox import Courier, Outgoing, Target

LEASE = timedelta(minutes=2)
_MOST = 200
#: Answers that ask for time. Without `failing_since`, that is what they meant.
_BUSY = frozenset({"408", "425", "429", "503"})


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row that is under way, as read when its origin was leased."""

    seq: int
    inbox: str
    lane: Lane
    actor: str
    raw: bytes
    attempts: int
    failing_since: datetime | None
    #: Others reached the origin since this one began to fail, a day ago or more.
    others_arrive: bool


@dataclass(slots=True)
class Open:
    """One unfinished row: its recipient, what is sent, and whether it may go yet."""

    row: Target
    outgoing: Outgoing
    is_sealed: bool


#: What is unfinished at one origin, in order.
Rows: TypeAlias = list[Open]


def due(node: Node) -> list[str]:
    """Return the origins something can be sent to now. Only looks."""
    with node.read() as tx:
        found = select(Courier.origin).where(*_free(node.now()))
        return list(tx.scalars(found.order_by(Courier.next_try_at)))


def oldest_due(node: Node) -> timedelta:
    """Return for how long nobody took what can be sent, where it is the longest.

    A node that is away, or asks for time, makes nothing late: nothing can be sent.
    """
    now = node.now()
    with node.read() as tx:
        first = tx.scalar(select(func.min(Courier.next_try_at)).where(*_free(now)))
    return timedelta() if first is None else now - first


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    held = or_(Courier.lease_until.is_(None), Courier.lease_until <= now)
    return Courier.next_try_at <= now, held


def lease(node: Node, origin: str, owner: str) -> list[Parcel]:
    """Take what is due to an origin, so that nobody else sends it meanwhile."""
    now = node.now()
    with node.begin() as tx:
        courier = tx.get(Courier, origin, with_for_update=True)
        if courier is None or (courier.next_try_at or now) > now:
            return []
        if courier.lease_until and courier.lease_until > now:
            return []
        rows: Rows = []
        for page in _pages(tx, origin):
            _let_go(courier, page, at=now)
            rows += page
            chosen = _chosen(courier, rows, at=now)
            if chosen and not _asked_for_time(rows, at=now):
                courier.lease_until, courier.lease_by = now + LEASE, owner
                return [_started(tx, one, at=now) for one in chosen]
        _rest(courier, rows, at=now)
        return []


def _pages(tx: Session, origin: str) -> Iterator[Rows]:
    # Most of the time the first is enough; what only waits must not hide the rest.
    unfinished = or_(
        Target.state.in_((State.WAITING, State.SENDING)),
        and_(Target.state == State.PARKED, Target.lane != Lane.PUBLIC),
    )
    found = (
        select(Target, Outgoing, or_(Outgoing.oid.is_(None), LedgerEntry.idx >= 0))
        .join(Outgoing, Outgoing.seq == Target.seq)
        .outerjoin(LedgerEntry, LedgerEntry.oid == Outgoing.oid)
        .where(Target.origin == origin, unfinished)
        .order_by(Target.seq, Target.inbox)
        .limit(_MOST)
    )
    after = found
    while rows := [
        Open(row, out, bool(sealed)) for row, out, sealed in tx.execute(after)
    ]:
        last = rows[-1].row
        yield rows
        if len(rows) < _MOST:
            return
        beyond = and_(Target.seq == last.seq, Target.inbox > last.inbox)
        after = found.where(or_(Target.seq > last.seq, beyond))


def _let_go(courier: Courier, rows: Rows, *, at: datetime) -> None:
    dead = silence(courier).is_dead
    for one in rows:
        row, out = one.row, one.outgoing
        if row.state is State.SENDING:  # whoever held the lease is gone
            row.state = State.WAITING
        if row.state is State.WAITING and not out.raw:
            row.state, row.answer = State.DROPPED, "taken-back"
        # A dead host is not owed what is only news.
        owed = delivery.keeps(Lane(row.lane), out.type, written=out.created_at, at=at)
        if dead and not owed:
            row.state, row.answer = State.DROPPED, "dead"


def _chosen(courier: Courier, rows: Rows, *, at: datetime) -> Rows:
    seen = [
        Row(
            one.row.seq,
            Lane(one.row.lane),
            one.row.state,
            one.outgoing.context,
            one.row.next_try_at,
        )
        for one in rows
    ]
    # Two inboxes of one origin have one number: rows are told apart by identity.
    rests_until = silence(courier).rests_until
    rests = rests_until is not None and at < rests_until
    gate = Gate.OPEN if rests else breaker(courier).gate(at)
    ids = {id(one) for one in delivery.due(seen, at=at, gate=gate)}
    chosen = [one for one, row in zip(rows, seen, strict=True) if id(row) in ids]
    # What is not in the log yet holds back what follows it, but does not go.
    return [one for one in chosen if one.is_sealed]


def _started(tx: Session, one: Open, *, at: datetime) -> Parcel:
    row = one.row
    row.state = State.SENDING
    return Parcel(
        row.seq,
        row.inbox,
        Lane(row.lane),
        one.outgoing.actor,
        one.outgoing.raw,
        row.attempts + 1,
        row.failing_since,
        _others_arrive(tx, row, at=at),
    )


def _others_arrive(tx: Session, row: Target, *, at: datetime) -> bool:
    since = row.failing_since
    if since is None or at - since < POISONED_AFTER:
        return False
    newest = select(func.max(Target.at)).where(
        Target.origin == row.origin, Target.state == State.DONE
    )
    arrived = tx.scalar(newest)
    return arrived is not None and arrived > since


def _asked_for_time(rows: Rows, *, at: datetime) -> datetime | None:
    # Who asks for time asks for all that waits for them.
    asked = [
        one.row.next_try_at
        for one in rows
        if one.row.state is State.WAITING
        and one.row.answer in _BUSY
        and one.row.failing_since is None
    ]
    until = max(asked, default=at)
    return until if until > at else None


def _rest(courier: Courier, rows: Rows, *, at: datetime) -> None:
    heads: dict[tuple[str, str], Target] = {}
    for one in rows:
        if one.row.state is not State.DROPPED:
            heads.setdefault((one.row.lane, one.outgoing.context), one.row)
    waiting = [row.next_try_at for row in heads.values() if row.state is State.WAITING]
    soonest = max(min(waiting), at + timedelta(seconds=1)) if waiting else None
    held = (
        courier.open_until,
        silence(courier).rests_until,
        _asked_for_time(rows, at=at),
    )
    for until in filter(None, held):
        soonest = max(soonest, until) if soonest else None
    courier.next_try_at, courier.lease_until, courier.lease_by = soonest, None, None


def breaker(courier: Courier) -> Breaker:
    """Return how the last tries to reach an origin went."""
    failures = tuple(datetime.fromisoformat(one) for one in courier.failures.split())
    return Breaker(failures, courier.open_until, timedelta(seconds=courier.span))


def silence(courier: Courier) -> Silence:
    """Return how long an origin only failed."""
    days = tuple(datetime.fromisoformat(one) for one in courier.silent.split())
    return Silence(days, courier.failed_at)
