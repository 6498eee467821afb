"""What cannot be acted on yet: it waits for what it is about, or for a steward."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from node import jobs
from node.core import Node
from node.inbox.registry import JOB, Handling
from node.logging import log
from node.models.inbox import Received

#: How long something waits for what it is about.
PATIENCE = timedelta(hours=24)
#: How much of one origin waits at a time; strangers must not fill the disk with it.
MOST = 100


def wait(handling: Handling, awaited: str) -> None:
    """Set an activity aside until what it is about is here."""
    node, tx, row = handling.node, handling.tx, handling.row
    beside = select(func.count()).where(
        Received.origin == row.origin, Received.state == "waiting"
    )
    row.problem = "not-here"
    if (tx.scalar(beside) or 0) >= MOST:
        row.state, row.done_at = "dropped", node.now()
        return
    row.state, row.awaits = "waiting", awaited
    late = f"{JOB}/{row.id}/late"
    jobs.put(node, tx, jobs.Asked(JOB, row.id, row.at + PATIENCE, None, late))


def arrived(node: Node, tx: Session, id_: str) -> None:
    """Have everything acted on that waited for this."""
    waiting = select(Received).where(
        Received.awaits == id_, Received.state == "waiting"
    )
    for row in tx.scalars(waiting.with_for_update()):
        row.state, row.problem, row.awaits = "stored", "", None
        put_again(node, tx, row.id)


def put_again(node: Node, tx: Session, activity_id: str) -> None:
    """Ask for an activity to be looked at once more."""
    now = node.now()
    key = f"{JOB}/{activity_id}/{now.isoformat()}"
    jobs.put(node, tx, jobs.Asked(JOB, activity_id, now, None, key))


def give_up(node: Node, row: Received) -> None:
    """Drop what waited long enough."""
    if row.at + PATIENCE <= node.now():
        row.state, row.raw, row.awaits, row.done_at = "dropped", None, None, node.now()
        log().info("inbox.dropped", origin=row.origin, problem=row.problem)


def park(node: Node, activity_id: str, problem: str) -> None:
    """Leave an activity that no attempt could act on to stewards."""
    with node.begin() as tx:
        tx.execute(
            update(Received)
            .where(Received.id == activity_id, Received.state == "stored")
            .values(state="parked", problem=problem)
        )
