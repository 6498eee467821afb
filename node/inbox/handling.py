"""Acting on what was taken in: parsed once, in one transaction with its effects."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from federation import inbox as wire
from federation import vocabulary
from federation.activities import Activity
from federation.errors import Rejected
from federation.inbox import Local
from node.core import Node
from node.inbox.registry import INBOX, Handling
from node.inbox.waiting import give_up
from node.models.inbox import Received, Tombstone
from node.upsert import table

_STONES = select(table(Tombstone).c.mark).where(
    table(Tombstone).c.mark.in_(bindparam("marks", expanding=True))
)


def handle(node: Node, activity_id: str) -> None:
    """Act on one activity. Safe to call twice: what is done stays done."""
    with node.read() as tx:
        row = tx.get(Received, activity_id)
        raw, state = (row.raw, row.state) if row is not None else (None, "")
    if state == "waiting":
        _waited(node, activity_id)
    if raw is None or state != "stored":
        return
    try:
        activity = vocabulary.parse(raw)
        _act(node, activity)
    except Rejected as refused:
        _refuse(node, activity_id, refused.code)


def _waited(node: Node, activity_id: str) -> None:
    with node.begin() as tx:
        row = tx.get(Received, activity_id, with_for_update=True)
        if row is not None and row.state == "waiting":
            give_up(node, row)


def _act(node: Node, activity: Activity) -> None:
    handler, own = INBOX.handler(activity.type), _is_own(node, activity)
    with node.begin() as tx:
        row = tx.get(Received, activity.id, with_for_update=True)
        if row is None or row.state != "stored":
            return
        if is_buried(tx, activity.document):
            # It was taken back after it came, and before anybody looked at it.
            row.state, row.done_at = "buried", node.now()
        elif handler is None:
            row.problem = "ignored"
        else:
            handler(Handling(node, tx, activity, row, own))
        # A handler that waits for something says so by another state.
        if row.state == "stored":
            row.state, row.done_at = "done", node.now()
        # What is kept of it stands where it belongs, and can be taken back there.
        if row.done_at is not None:
            row.raw = None


def is_buried(tx: Session, document: Mapping[str, object]) -> bool:
    """Say whether an activity, or what it carries, was taken back by its owner."""
    marks = {"marks": list(wire.marks(document))}
    return wire.is_buried(document, list(tx.connection().scalars(_STONES, marks)))


def _is_own(node: Node, activity: Activity) -> bool:
    # Step 10: of what came inside only its own owner's word counts.
    local = Local(
        node.settings.origin,
        insecure=frozenset(node.settings.federation_insecure_hosts),
    )
    inner = activity.document.get("object")
    return wire.is_own(inner, actor=activity.actor, local=local)


def _refuse(node: Node, activity_id: str, problem: str) -> None:
    with node.begin() as tx:
        tx.execute(
            update(Received)
            .where(Received.id == activity_id)
            .values(state="refused", problem=problem, raw=None, done_at=node.now())
        )
