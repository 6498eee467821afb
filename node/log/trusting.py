"""Whom a reader of receipts is asked to trust: our log, and those who witness it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger import policy as policies
from ledger import receipt as receipts
from ledger.note import VKey
from ledger.receipt import Level
from node.core import Node
from node.log import names, past, signing
from node.models.witness import LedgerCosignature, LedgerWitness

_GROUP = "witnesses"
#: Witnesses that cosigned anything as yet: those our policy names.
_HEARD = LedgerWitness.size > 0


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of the witnesses must have signed, and how many of them may lie."""

    asked: int
    named: int
    #: So many may lie together with us, and nobody is yet shown another history. It is
    #: -1 where we could do that alone.
    tolerated: int


def policy(node: Node) -> str:
    """Return the policy this node suggests, to keep and compare later."""
    with node.read() as tx:
        return suggested(node, tx)


def suggested(node: Node, tx: Session) -> str:
    """Return the same within a transaction.

    It names every key of our log that was not revoked, the newest first: an older
    receipt has the signature of an older one. Logs that ended are named too. It asks
    for more than half of the witnesses that ever cosigned; for none while there are
    none.
    """
    home = node.settings.origin
    url = home + names.place(names.look(node, tx))
    lines = [f"log {own} {url}" for own in signing.trusted(node, tx)]
    for row in past.logs(tx):
        keys = [one.vkey for one in signing.read(row.signers) if not one.revoked]
        lines += [f"log {key} {home}{names.place(row.epoch)}" for key in keys]
    rows = tx.scalars(
        select(LedgerWitness).where(_HEARD).order_by(LedgerWitness.vkey)
    ).all()
    named = {_name(row.vkey): row for row in rows}
    lines += [f"witness {name} {row.vkey} {row.url}" for name, row in named.items()]
    if named:
        most = len(named) // 2 + 1
        lines.append(f"group {_GROUP} {most} {' '.join(named)}")
    lines.append(f"quorum {_GROUP if named else policies.NONE}")
    return "\n".join(lines) + "\n"


def quorum(node: Node) -> Quorum:
    """Return what the policy we suggest asks for, and what it withstands."""
    ours = policies.parse(policy(node).encode())
    group = ours.groups.get(_GROUP)
    asked = group.k if group else 0
    return Quorum(asked, len(ours.witnesses), policies.tolerated(ours))


def _name(vkey: str) -> str:
    # One witness may sign with two keys, and each needs a name of its own.
    key = VKey.parse(vkey)
    return f"{key.name}+{key.id.hex()}"


def cosigned(tx: Session, size: int) -> int:
    """Return how many witnesses cosigned a published size."""
    lines = select(func.count()).where(LedgerCosignature.size == size)
    return tx.scalar(lines) or 0


def heard(tx: Session) -> int:
    """Return how many witnesses our policy names."""
    return tx.scalar(select(func.count()).select_from(LedgerWitness).where(_HEARD)) or 0


def witnessed(tx: Session) -> int:
    """Return the largest published size that meets our policy; 0 while none does."""
    return seen_by_most(tx, tx.scalars(select(LedgerWitness.size).where(_HEARD)).all())


def seen_by_most(tx: Session, sizes: Sequence[int]) -> int:
    """Return the largest size that more than half of the witnesses cosigned.

    `sizes` is how far each of those went that count; 0 is returned while none is such.
    """
    if not sizes:
        return 0
    most = len(sizes) // 2 + 1
    # No larger one has that many; so this finds it where it begins to look, and reads
    # no years of checkpoints that a silent majority left behind.
    furthest = sorted(sizes, reverse=True)[most - 1]
    enough = (
        select(LedgerCosignature.size)
        .join(LedgerWitness, LedgerWitness.vkey == LedgerCosignature.vkey)
        .where(LedgerCosignature.size <= furthest)
        .group_by(LedgerCosignature.size)
        .having(func.count() >= most)
        .order_by(LedgerCosignature.size.desc())
        .limit(1)
    )
    return tx.scalar(enough) or 0


def check(node: Node, raw: bytes) -> receipts.Verdict:
    """Check a receipt against this node's own keys, as anybody can without it.

    One that its witnesses have not seen yet is as good as received.
    """
    trusted = policies.parse(policy(node).encode())
    pins = receipts.Pins(statements=(names.statements_signer(node).vkey,))
    verdict = receipts.verify(raw, trusted, pins, None)
    if verdict.level is not Level.RECEIVED:
        return verdict
    patient = policies.Policy(trusted.logs, trusted.witnesses)
    return receipts.verify(raw, patient, pins, None)
