"""What could not be delivered and waits for a person: stewards look, and decide."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from federation import origins
from federation.delivery import State
from federation.errors import Rejected
from governance.errors import NotFound
from node import federation_desk, outbox
from node.accounts.visitor import Visitor
from node.core import Node
from node.federation_desk import MOST
from node.logging import log as logger
from node.models.outbox import Outgoing, Target


@dataclass(frozen=True, slots=True)
class Parked:
    """One activity that an inbox refused in a way that a person has to look at."""

    n: int
    inbox: str
    #: What kind of activity: `Create`, `Update` and so on.
    type: str
    written_at: datetime
    #: What the inbox said last.
    answer: str
    may_give_up: bool


def parked(node: Node, host: str, *, by: Visitor) -> list[Parked]:
    """Return what was set aside for a node, the oldest first, a page of it at most."""
    origin = federation_desk.origin_of(node, host, by=by)
    with node.read() as tx:
        rows = tx.execute(
            select(Target, Outgoing)
            .join(Outgoing, Outgoing.seq == Target.seq)
            .where(Target.origin == origin, Target.state == State.PARKED)
            .order_by(Target.seq, Target.inbox)
            .limit(MOST)
        )
        return [
            Parked(row.seq, row.inbox, out.type, out.created_at, row.answer,
                   outbox.may_give_up(row))
            for row, out in rows
        ]  # fmt: skip


def retry(node: Node, host: str, n: int, inbox: str, *, by: Visitor) -> bool:
    """Send something that was set aside once more; False if it no longer is."""
    origin = _checked(node, host, inbox, by)
    with node.begin() as tx:
        done = outbox.retry(node, tx, n, inbox)
    if done:
        logger().info("delivery.retried", origin=origin, n=n)
    return done


def give_up(node: Node, host: str, n: int, inbox: str, *, by: Visitor) -> bool:
    """Let go of something that was set aside; False if it is not there to let go of.

    What parties owe each other can only be tried again.
    """
    origin = _checked(node, host, inbox, by)
    with node.begin() as tx:
        done = outbox.give_up(node, tx, n, inbox)
    if done:
        logger().info("delivery.given-up", origin=origin, n=n)
    return done


def _checked(node: Node, host: str, inbox: str, by: Visitor) -> str:
    origin = federation_desk.origin_of(node, host, by=by)
    try:
        belongs = origins.origin(inbox) == origin
    except Rejected as refused:
        raise NotFound("There is no such inbox.") from refused
    if not belongs:
        raise NotFound("There is no such inbox.")
    return origin
