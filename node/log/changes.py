"""How the log's key changed, for others: in `keys.json`, and in each receipt.

Who pinned an older key is led to the newest by leaves that the keys themselves signed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import entry, tiles
from ledger.encoding import b64, b64u
from ledger.included import Included
from node.core import Node
from node.log import names, past, signing
from node.log.signing import LogKey
from node.models.log import LedgerCheckpoint
from node.models.past import LedgerPast


def keys(node: Node) -> Mapping[str, object]:
    """Return the keys that speak for this node, for others to pin."""
    with node.read() as tx:
        return keys_in(node, tx)


def keys_in(node: Node, tx: Session) -> Mapping[str, object]:
    """Return the same within a transaction.

    Log keys come newest first, without those that were revoked; the changes that led
    there in the order of the log, as far as they are published.
    """
    sizes = LedgerCheckpoint.size
    size = tx.scalar(select(sizes).order_by(sizes.desc()).limit(1)) or 0
    known = signing.known(node, tx)
    return {
        "log": [str(one) for one in signing.trusted(node, tx)],
        "statements": str(names.statements_signer(node).vkey),
        "witness": str(names.witness_signer(node).vkey),
        "rotations": [_shown(*one) for one in _changes(tx, None, known, size)],
        "ended": [_ended(node, row) for row in past.logs(tx)],
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """A log as somebody reads it: which one, the keys it had, and its tiles."""

    #: None is the one that goes on.
    epoch: int | None
    keys: Sequence[LogKey]
    read: tiles.Read


def _changes(
    tx: Session, epoch: int | None, known: Sequence[LogKey], size: int
) -> Iterator[tuple[int, bytes]]:
    oids = [one.oid for one in known if one.oid is not None]
    if oids:
        entries = past.entries(epoch).c
        found = select(entries.idx, entries.leaf).where(
            entries.oid.in_(oids), entries.idx < size
        )
        for row in tx.execute(found.order_by(entries.idx)):
            yield row.idx, row.leaf


def _ended(node: Node, row: LedgerPast) -> dict[str, object]:
    keys = [str(one.vkey) for one in signing.read(row.signers) if not one.revoked]
    return {
        "origin": names.origin(node, row.epoch), "log": [*reversed(keys)],
        "size": row.size, "root": b64(row.root), "reason": row.reason,
    }  # fmt: skip


def _shown(index: int, leaf: bytes) -> dict[str, object]:
    said = entry.read_leaf(leaf)
    body = said.body if isinstance(said, entry.Clear) else {}
    named = {name: body[name] for name in ("old", "new", "overlap_until")}
    kind = said.kind if isinstance(said, entry.Clear) else ""
    return {"index": index, "kind": kind, "leaf": b64u(leaf), **named}


def rot(tx: Session, size: int, seen: Seen) -> tuple[Included, ...]:
    """Return the leaves that lead a reader of an older key to the newest.

    A revocation counts by what the first leaf says of recovery keys, so that leaf is
    among them then.
    """
    found = list(_changes(tx, seen.epoch, seen.keys, size))
    if found and any(one.revoked for one in seen.keys):
        entries = past.entries(seen.epoch).c
        first = select(entries.leaf).where(entries.idx == 0)
        found.insert(0, (0, tx.execute(first).scalar_one()))
    return tuple(
        Included(index, leaf, tuple(tiles.inclusion(index, size, seen.read)))
        for index, leaf in found
    )
