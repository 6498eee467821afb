"""Whoever left for good: what they told and answered here goes with them."""

from sqlalchemy import select

from node import jobs, neighbours, replies
from node.core import Node
from node.inbox.registry import Handling
from node.models.publications import PublicReply, RemoteCase

JOB = "leaving"
#: How many cases, and how many replies, one transaction takes: nobody waits for all.
_PORTION = 50


def begin(handling: Handling) -> None:
    """Write down that everything of an actor is to be forgotten."""
    node, actor = handling.node, handling.activity.actor
    jobs.put(node, handling.tx, jobs.Asked(JOB, actor, node.now()))


def forget(node: Node, actor: str) -> None:
    """Forget every case and every reply of an actor. Safe to call twice."""
    while _forget_some(node, actor):
        pass


def _forget_some(node: Node, actor: str) -> bool:
    cases = select(RemoteCase).where(
        RemoteCase.actor == actor, RemoteCase.deleted_at.is_(None)
    )
    answers = select(PublicReply).where(
        PublicReply.actor == actor, PublicReply.state != "deleted"
    )
    with node.begin() as tx:
        told = tx.scalars(
            cases.order_by(RemoteCase.id).limit(_PORTION).with_for_update()
        ).all()
        answered = tx.scalars(
            answers.order_by(PublicReply.id).limit(_PORTION).with_for_update()
        ).all()
        for case in told:
            neighbours.forget(node, case)
        for reply in answered:
            replies.forget(node, tx, reply)
    return bool(told or answered)
