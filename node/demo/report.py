"""The report: every figure is counted from the running nodes, none is written down."""

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import TypedDict

from sqlalchemy import func, select

from federation.delivery import State
from node import actors, log
from node.core import Node
from node.demo.cast import Community
from node.demo.journey import Journey
from node.models.accounts import Account
from node.models.cases import Case
from node.models.inbox import Received
from node.models.log import LedgerSeal
from node.models.outbox import Target
from node.models.submissions import Submission
from node.models.threads import Message

_TABLES = (
    ("cases", Case),
    ("submissions", Submission),
    ("replies", Message),
    ("members", Account),
)
#: How it stands with what the other side took, and with what was taken in here.
_SENT, _TAKEN = State.DONE, ("stored", "done")

Nodes = Sequence[tuple[Community, Node]]


class Federation(TypedDict):
    """What went between the nodes, each activity counted once for each side."""

    sent: int
    received: int
    #: What did not arrive, or was not taken in; what still waits counts as well.
    failed: int
    #: How what was received had been signed.
    profiles: dict[str, int]


class Receipts(TypedDict):
    """What was sealed, and what held when it was checked apart from the nodes."""

    issued: int
    verified: int
    witnessed: int


class Report(TypedDict):
    """What happened, as `demo --once --json` prints it."""

    version: str
    nodes: list[dict[str, object]]
    journey: list[dict[str, object]]
    federation: Federation
    receipts: Receipts
    seconds: float


def report(nodes: Nodes, trip: Journey, seconds: float) -> Report:
    """Return what happened, counted now."""
    levels = Counter(verdict["level"] for _, verdict in trip.verdicts)
    return {
        "version": version("folkmoot"),
        "nodes": [_node(community, node) for community, node in nodes],
        "journey": trip.steps,
        "federation": _federation(nodes),
        "receipts": {
            "issued": sum(_issued(node) for _, node in nodes),
            "verified": sum(verdict["valid"] is True for _, verdict in trip.verdicts),
            "witnessed": levels["witnessed"],
        },
        "seconds": round(seconds, 2),
    }


def holds(done: Report) -> bool:
    """Say whether every step held, everything arrived, and every receipt verified."""
    receipts = done["receipts"]
    return (
        all(step["ok"] for step in done["journey"])
        and not done["federation"]["failed"]
        and receipts["verified"] == receipts["issued"]
    )


def _node(community: Community, node: Node) -> dict[str, object]:
    shown = log.status(node)
    with node.read() as tx:
        actor = f"{node.settings.origin}{actors.community(tx)}"
        counts = {
            name: tx.scalar(select(func.count()).select_from(table))
            for name, table in _TABLES
        }
    return {
        "name": community.name,
        "url": node.settings.origin,
        "actor": actor,
        "ledger": {"origin": shown.origin, "size": shown.size, "root": shown.root},
        **counts,
    }


def _federation(nodes: Nodes) -> Federation:
    sent, taken, profiles = Counter[State](), Counter[str](), Counter[str]()
    for _, node in nodes:
        with node.read() as tx:
            sent.update(tx.scalars(select(Target.state)))
            taken.update(tx.scalars(select(Received.state)))
            profiles.update(tx.scalars(select(Received.profile)))
    done = sent[_SENT]
    came = sum(taken[state] for state in _TAKEN)
    return {
        "sent": done,
        "received": came,
        "failed": sent.total() - done + taken.total() - came,
        "profiles": {name: profiles[name] for name in ("rfc9421", "cavage")},
    }


def _issued(node: Node) -> int:
    with node.read() as tx:
        return tx.scalar(select(func.count()).select_from(LedgerSeal)) or 0
