"""What became of what was sent: of each row, and of the origin it went to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from federation import origins
from federation.delivery import Breaker, Do, Health, Outcome, Silence, State
from federation.inbox import Lane
from federation.signatures.knock import Memory
from node import peers
from node.core import Node
from node.logging import log as logger
from node.models.outbox import Courier, Target
from node.models.peers import RemoteActor
from node.outbox.couriers import Parcel, breaker, silence
from node.outbox.putting import held, wake
from node.upsert import insert_once, table

_COURIER = table(Courier).c
_FAILING = select(_COURIER.origin).where(
    _COURIER.origin == bindparam("origin"), _COURIER.failed_at.is_not(None)
)
_ENDS = {
    Do.DONE: State.DONE,
    Do.DROP: State.DROPPED,
    Do.INBOX_GONE: State.DROPPED,
    Do.PARK: State.PARKED,
    Do.REFUSED: State.REFUSED,
}
#: The answer of a row that goes to another inbox now.
_MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one parcel."""

    parcel: Parcel
    outcome: Outcome
    answer: str
    profile: str = ""
    #: Where its actor says that it belongs now.
    moved_to: str = ""
    #: It failed here, which says nothing of the other node.
    ours: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether the next one may follow at once."""
        return self.outcome.health is Health.WELL and not self.moved_to


def record(
    node: Node, origin: str, owner: str, sent: list[Sent], learned: Memory | None
) -> None:
    """Write down what became of what was sent, and give the origin back."""
    now = node.now()
    with node.begin() as tx:
        courier = tx.get(Courier, origin, with_for_update=True)
        if courier is None or courier.lease_by != owner:
            return  # the lease ended: whoever has it now sends these again
        for one in sent:
            _settle(tx, one, at=now)
            if not one.ours:
                _felt(courier, one.outcome, at=now)
            if one.moved_to:
                _move(node, tx, one)
        if learned is not None:
            peers.remember(node, tx, origin, learned)
        # The next look finds out when there is something to do again, if ever.
        courier.next_try_at = max(now, courier.open_until or now)
        courier.lease_until, courier.lease_by = None, None
    for one in sent:
        if one.outcome.alarm:
            logger().warning("delivery.conflict", origin=origin, n=one.parcel.seq)


def _settle(tx: Session, one: Sent, *, at: datetime) -> None:
    parcel, outcome = one.parcel, one.outcome
    row = tx.get_one(Target, (parcel.seq, parcel.inbox))
    row.state = _ENDS.get(outcome.do, State.WAITING)
    row.answer, row.profile, row.at = one.answer, one.profile, at
    row.attempts, row.next_try_at = parcel.attempts, outcome.until or at
    failed = outcome.health is Health.FAILED and not one.ours
    row.failing_since = (row.failing_since or at) if failed else None
    if outcome.do is Do.INBOX_GONE:
        gone = or_(
            RemoteActor.inbox == parcel.inbox, RemoteActor.shared_inbox == parcel.inbox
        )
        tx.execute(update(RemoteActor).where(gone).values(gone_at=at))
    tx.flush()


def _move(node: Node, tx: Session, one: Sent) -> None:
    # All that waits for the old inbox goes to the new one, in the same order.
    old, new = one.parcel.inbox, one.moved_to
    unfinished = (State.WAITING, State.SENDING, State.PARKED)
    rows = tx.scalars(
        select(Target).where(
            Target.origin == origins.origin(old),
            Target.state.in_(unfinished),
            Target.inbox == old,
        )
    )
    left = select(Target.seq).where(
        Target.origin == origins.origin(new),
        Target.state == State.DROPPED,
        Target.inbox == new,
        Target.answer == _MOVED,
    )
    circling = set(tx.scalars(left))
    added: list[dict[str, object]] = []
    for row in rows:
        if row.seq in circling:  # a person must look, or nobody
            public = row.lane == Lane.PUBLIC
            row.state = State.DROPPED if public else State.PARKED
            continue
        row.state, row.answer = State.DROPPED, _MOVED
        added.append(
            {
                "seq": row.seq,
                "inbox": new,
                "lane": row.lane,
                "origin": origins.origin(new),
                "state": State.WAITING,
                "attempts": row.attempts,
                "answer": "",
                "profile": "",
                "next_try_at": node.now(),
            }
        )
    insert_once(tx, Target, added, "seq", "inbox")
    wake(node, tx, {origins.origin(new)})


def _felt(courier: Courier, outcome: Outcome, *, at: datetime) -> None:
    quiet = silence(courier)
    if outcome.health is Health.FAILED:
        quiet = quiet.failed(at)
    elif outcome.health is Health.WELL:
        quiet = quiet.broken()
    after = breaker(courier).after(outcome.health, at, outcome.until)
    _remember(courier, after, quiet)


def _remember(courier: Courier, after: Breaker, quiet: Silence) -> None:
    courier.failures = " ".join(one.isoformat() for one in after.failures)
    courier.open_until = after.open_until
    courier.span = int(after.span.total_seconds())
    courier.silent = " ".join(day.isoformat() for day in quiet.days)
    courier.failed_at = quiet.last


def heard(node: Node, tx: Session, origin: str) -> None:
    """Have what waits for an origin tried at once: whoever speaks can listen."""
    now = node.now()
    # Most are well: they are not held up.
    if tx.connection().scalar(_FAILING, {"origin": origin}) is None:
        return
    for courier in held(tx, [origin]):
        _remember(courier, breaker(courier).verified_from(), silence(courier).broken())
        courier.next_try_at = now
    tx.execute(
        update(Target)
        .where(Target.origin == origin, Target.state == State.WAITING)
        .values(next_try_at=now)
    )
