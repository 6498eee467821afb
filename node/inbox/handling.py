"""Acting on what was taken in: parsed once, in one transaction with its effects."""

from collections.abc import Mapping
from http import HTTPStatus

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from federation import inbox as wire
from federation import vocabulary
from federation.activities import Activity
from federation.errors import Rejected, Unfetched
from federation.inbox import Local, Trust
from node import peers
from node.core import Node
from node.inbox.registry import INBOX, Handling
from node.inbox.waiting import give_up
from node.jobs import Later
from node.models.inbox import Received, Tombstone

_NOWHERE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


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
        inner = _authentic(node, activity)
        _act(node, activity, inner)
    except Rejected as refused:
        _settle(node, activity_id, "refused", refused.code)


def _waited(node: Node, activity_id: str) -> None:
    with node.begin() as tx:
        row = tx.get(Received, activity_id, with_for_update=True)
        if row is not None and row.state == "waiting":
            give_up(node, row)


def _act(node: Node, activity: Activity, inner: Mapping[str, object] | None) -> None:
    handler = INBOX.handler(activity.type)
    with node.begin() as tx:
        row = tx.get(Received, activity.id, with_for_update=True)
        if row is None or row.state != "stored":
            return
        if is_buried(tx, activity.document):
            # It was taken back after it came, and before anybody looked at it.
            row.state, row.raw, row.done_at = "buried", None, node.now()
        elif handler is None:
            row.problem = "ignored"
        else:
            handler(Handling(node, tx, activity, row, inner))
        # A handler that waits for something says so by another state.
        if row.state == "stored":
            row.state, row.done_at = "done", node.now()


def is_buried(tx: Session, document: Mapping[str, object]) -> bool:
    """Say whether an activity, or what it carries, was taken back by its owner."""
    wanted = Tombstone.mark.in_(wire.marks(document))
    stones = list(tx.scalars(select(Tombstone.mark).where(wanted)))
    return wire.is_buried(document, stones)


def _authentic(node: Node, activity: Activity) -> Mapping[str, object] | None:
    # Step 10: what came inside is used only if its own owner vouches for it.
    local = Local(
        node.settings.origin,
        insecure=frozenset(node.settings.federation_insecure_hosts),
    )
    if activity.type == "Announce":
        trust = wire.passed_on(activity.document, local=local)
    else:
        inner = activity.document.get("object")
        trust = wire.trust(inner, actor=activity.actor, local=local)
    if trust is Trust.USE:
        return activity.object
    if trust is Trust.REFETCH and activity.type == "Announce" and activity.object_id:
        return _refetched(node, activity.object_id, local)
    return None


def _refetched(node: Node, iri: str, local: Local) -> Mapping[str, object] | None:
    try:
        found = peers.document(node, iri)
    except Unfetched as failure:
        if failure.status in _NOWHERE:
            return None
        raise Later(failure.code) from failure
    return found if wire.fetched(found, local=local) is Trust.USE else None


def _settle(node: Node, activity_id: str, state: str, problem: str) -> None:
    with node.begin() as tx:
        tx.execute(
            update(Received)
            .where(Received.id == activity_id)
            .values(state=state, problem=problem, done_at=node.now())
        )
