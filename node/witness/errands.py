"""What is to be asked of others now: each errand has a name, and somebody runs it."""

from collections.abc import Callable

from sqlalchemy import and_, func, or_, select

from node.core import Node
from node.models.log import LedgerCheckpoint
from node.models.witness import LedgerWitness, Mirror, WitnessLog
from node.witness.asking import ask
from node.witness.feeding import feed
from node.witness.gossip import look
from node.witness.mirror import mirror
from node.witness.visits import free

_KINDS: dict[str, Callable[[Node, str], bool]] = {
    "ask": ask, "cosign": feed, "look": look, "mirror": mirror,
}  # fmt: skip


def due(node: Node) -> list[str]:
    """Return the errands that are due. Only looks.

    A witness is due for what was published since it last cosigned, unless it failed:
    then it has its time first.
    """
    now = node.now()
    with node.read() as tx:
        published = tx.scalar(select(func.max(LedgerCheckpoint.size)))
        late = and_(LedgerWitness.tries == 0, LedgerWitness.size != published)
        witnesses = select(LedgerWitness.vkey).where(
            free(LedgerWitness, now), or_(LedgerWitness.next_at <= now, late)
        )
        logs = select(WitnessLog.origin).where(
            free(WitnessLog, now),
            WitnessLog.next_at <= now,
            WitnessLog.caught_at.is_(None),
        )
        silent = select(LedgerWitness.vkey).where(LedgerWitness.ask_at <= now)
        behind = (
            select(Mirror.origin)
            .join(WitnessLog, WitnessLog.origin == Mirror.origin)
            .where(
                free(Mirror, now), Mirror.next_at <= now, Mirror.size < WitnessLog.size
            )
        )
        copied = tx.scalars(behind).all() if node.settings.ledger_mirror else []
        fed = [] if published is None else tx.scalars(witnesses).all()
        return [
            *[f"cosign/{vkey}" for vkey in fed],
            *[f"look/{origin}" for origin in tx.scalars(logs)],
            *[f"mirror/{origin}" for origin in copied],
            *[f"ask/{vkey}" for vkey in tx.scalars(silent)],
        ]


def is_errand(name: str) -> bool:
    """Say whether a name is one of ours, and not another node's origin."""
    return name.partition("/")[0] in _KINDS


def run(node: Node, name: str) -> bool:
    """Run one errand; False if somebody else is at it. Safe to call at any time."""
    kind, _, subject = name.partition("/")
    return _KINDS[kind](node, subject)
