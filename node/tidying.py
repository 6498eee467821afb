"""Forgetting what is over: sessions, links, forms, buckets, deliveries, old keys."""

from datetime import timedelta

from node import (
    accounts,
    epochs,
    files,
    forms,
    idempotency,
    inbox,
    jobs,
    outbox,
    proofs,
    retention,
    rotation,
    statistics,
    throttle,
    witness,
)
from node.core import Node

JOB = "tidy"
_EVERY = timedelta(hours=6)


def begin(node: Node) -> None:
    """Write down that this is owed, once, and what else comes by the calendar."""
    with node.begin() as tx:
        jobs.put(node, tx, _next(node))
    statistics.begin(node)
    witness.begin_anchors(node)


def _next(node: Node) -> jobs.Asked:
    at = node.now()
    number = int(at.timestamp() // _EVERY.total_seconds())
    return jobs.Asked(JOB, "all", at, None, f"{JOB}/{number}")


def tidy(node: Node, _subject: str) -> None:
    """Forget what is over, and write down when to look again."""
    for forget in (
        accounts.forget, proofs.forget, files.tidy, forms.forget, idempotency.forget,
        throttle.forget, jobs.forget, outbox.purge, inbox.forget,
        inbox.forget_signatures, rotation.look, epochs.look, retention.catch_up,
    ):  # fmt: skip
        forget(node)
    with node.begin() as tx:
        later = _next(node)
        number = int(later.run_at.timestamp() // _EVERY.total_seconds()) + 1
        jobs.put(
            node,
            tx,
            jobs.Asked(JOB, "all", later.run_at + _EVERY, None, f"{JOB}/{number}"),
        )
