"""Keys of other nodes that are known here, and since when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from federation import keys
from federation.keys import PublicKey
from node.core import Node
from node.models.peers import RemoteKey
from node.upsert import table

_NAMED = select(table(RemoteKey)).where(
    table(RemoteKey).c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that is known here, and since when."""

    key: PublicKey
    fetched_at: datetime
    #: When a failing signature last made us ask again.
    doubted_at: datetime | None


def known_key(node: Node, key_id: str) -> KnownKey | None:
    """Return a key that is known here."""
    with node.read() as tx:
        return known_keys(tx, [key_id]).get(key_id)


def known_keys(tx: Session, ids: Collection[str]) -> dict[str, KnownKey]:
    """Return those of some keys that are known here, by their ids."""
    found = {}
    for row in tx.connection().execute(_NAMED, {"ids": list(ids)}) if ids else ():
        kind: keys.Kind = "rsa" if row.kind == "rsa" else "ed25519"
        key = PublicKey(row.id, row.owner, kind, row.raw)
        found[key.id] = KnownKey(key, row.fetched_at, row.doubted_at)
    return found
