"""What was set aside, and what a person makes of it: tried again, or given up."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from federation import origins
from federation.delivery import State
from federation.inbox import Lane
from node.core import Node
from node.models.outbox import Outgoing, Target
from node.outbox.putting import held, wake

#: Of what we send, these share less than before.
_TAKING_BACK = ("Delete", "Reject", "Undo")


def may_give_up(row: Target) -> bool:
    """Say whether a person may let go of it: what parties owe each other stays owed."""
    return Lane(row.lane) is Lane.PUBLIC


def retry(node: Node, tx: Session, seq: int, inbox: str) -> bool:
    """Send what was set aside once more; False if it is not set aside any more."""
    wake(node, tx, {origins.origin(inbox)})  # couriers come before rows, everywhere
    row = _parked(tx, seq, inbox)
    if row is None:
        return False
    row.state, row.next_try_at = State.WAITING, node.now()
    # A new beginning: what failed for a day would be set aside again at once.
    row.attempts, row.failing_since = 0, None
    tx.info["ring"] = True
    return True


def give_up(node: Node, tx: Session, seq: int, inbox: str) -> bool:
    """Let go of what was set aside; False if it is not, or must not be let go of."""
    row = _parked(tx, seq, inbox)
    if row is None or not may_give_up(row):
        return False
    row.state, row.at = State.DROPPED, node.now()
    return True


def stop(node: Node, tx: Session, origin: str) -> None:
    """Let go of what waits for an origin in public, but for what is taken back."""
    held(tx, [origin])  # couriers come before rows, everywhere
    less = select(Outgoing.seq).where(
        Outgoing.seq == Target.seq, Outgoing.type.in_(_TAKING_BACK)
    )
    tx.execute(
        update(Target)
        .where(
            Target.origin == origin,
            Target.lane == Lane.PUBLIC,
            Target.state.in_((State.WAITING, State.PARKED)),
            ~less.exists(),
        )
        .values(state=State.DROPPED, at=node.now())
    )


def _parked(tx: Session, seq: int, inbox: str) -> Target | None:
    row = tx.get(Target, (seq, inbox), with_for_update=True)
    return row if row is not None and row.state is State.PARKED else None
