"""Members' words, sealed under keys that can be destroyed.

Each person and each case chain has a content key of its own, wrapped under the key
of an epoch. Destroying the wrapped key is erasure, in every copy there is.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from node.core import Node, once
from node.keys import Keys
from node.models.vault import ContentKey
from node.upsert import insert_rows

_VERSION = b"\x01"
_NONCE = 12
KEY_SIZE = 32
_KEY_OF = select(ContentKey.epoch, ContentKey.wrapped).where(
    ContentKey.kind == bindparam("kind"), ContentKey.owner == bindparam("owner")
)


class Damaged(Exception):  # noqa: N818 - what happened to the bytes
    """A sealed cell does not open: it was moved, changed, or its key is another."""


class Place(NamedTuple):
    """Where a sealed cell stands; one that was moved elsewhere does not open."""

    table: str
    column: str
    row: object

    def bound(self) -> bytes:
        """Return what is authenticated beside the words."""
        return b"\0".join(
            (b"folkmoot/cell/1", self.table.encode(), self.column.encode(),
             str(self.row).encode())
        )  # fmt: skip


def seal(node: Node, key: bytes, place: Place, words: str) -> bytes:
    """Return the sealed form of some words."""
    nonce = node.dice(_NONCE)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, words.encode(), place.bound())


def unseal(key: bytes, place: Place, cell: bytes) -> str:
    """Return the words in a cell; raise `Damaged` if it is not what stood there."""
    version, nonce, sealed = cell[:1], cell[1 : 1 + _NONCE], cell[1 + _NONCE :]
    if version != _VERSION:
        raise Damaged(f"{place.table}.{place.column} is sealed in an unknown way")
    try:
        return AESGCM(key).decrypt(nonce, sealed, place.bound()).decode()
    except (InvalidTag, ValueError) as error:
        raise Damaged(f"{place.table}.{place.column} does not open") from error


def words(key: bytes, place: Place, cell: bytes | None) -> str:
    """Return the words in a cell; none where there never were any, or were erased."""
    return unseal(key, place, cell) if cell else ""


def wrap(
    keys: Keys,
    dice: Callable[[int], bytes],
    bound: bytes,
    key: bytes,
    epoch: int | None = None,
) -> bytes:
    """Return a content key wrapped under the key of an epoch: the newest, or this."""
    nonce = dice(_NONCE)
    epoch = keys.epoch if epoch is None else epoch
    aad = b"folkmoot/wrap/1\0" + bound + b"\0" + str(epoch).encode()
    return nonce + AESGCM(keys.wrap[epoch]).encrypt(nonce, key, aad)


def unwrap(keys: Keys, epoch: int, bound: bytes, wrapped: bytes) -> bytes:
    """Return a content key, or raise `Damaged` if its wrap was swapped or is gone."""
    aad = b"folkmoot/wrap/1\0" + bound + b"\0" + str(epoch).encode()
    wrapping = keys.wrapping(epoch)
    if wrapping is None:
        raise Damaged(f"the wrap key of epoch {epoch} is gone")
    try:
        return AESGCM(wrapping).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], aad)
    except (InvalidTag, ValueError) as error:
        raise Damaged("a content key does not open") from error


def new_key(node: Node, tx: Session, kind: str, owner: UUID) -> bytes:
    """Make and keep the content key of one person or one case chain."""
    key = node.dice(KEY_SIZE)
    keep_key(node, tx, kind, owner, key)
    return key


def keep_key(node: Node, tx: Session, kind: str, owner: UUID, key: bytes) -> None:
    """Keep a content key that was made before there was anything to keep it for."""
    insert_rows(
        tx,
        ContentKey,
        {
            "kind": kind,
            "owner": owner,
            **_sealed(node, kind, owner, key),
            "created_at": node.now(),
        },
    )


def replace_key(node: Node, tx: Session, kind: str, owner: UUID) -> bytes:
    """Make another content key in the place of one. What it opened, none opens now."""
    key = node.dice(KEY_SIZE)
    tx.execute(
        update(ContentKey)
        .where(ContentKey.kind == kind, ContentKey.owner == owner)
        .values(_sealed(node, kind, owner, key))
    )
    return key


def rewrap(node: Node, row: ContentKey) -> None:
    """Wrap a content key under the newest epoch; the key itself stays."""
    held = Wrapped(row.kind, row.owner, row.epoch, row.wrapped)
    for name, value in _sealed(node, row.kind, row.owner, open_key(node, held)).items():
        setattr(row, name, value)


def _sealed(node: Node, kind: str, owner: UUID, key: bytes) -> dict[str, Any]:
    # Asked for once: another process may begin an epoch at this moment.
    epoch = node.keys.epoch
    bound = _bound(kind, owner)
    wrapped = wrap(node.keys, node.dice, bound, key, epoch)
    return {"epoch": epoch, "wrapped": wrapped}


def destroy_key(tx: Session, kind: str, owner: UUID) -> None:
    """Let go of a content key, and by that of everything sealed under it."""
    tx.execute(
        delete(ContentKey).where(ContentKey.kind == kind, ContentKey.owner == owner)
    )


def key_of(node: Node, tx: Session, kind: str, owner: UUID) -> bytes | None:
    """Return a content key, or None once it was destroyed."""
    return once(tx, ("key", kind, owner), lambda: _key_of(node, tx, kind, owner))


def _key_of(node: Node, tx: Session, kind: str, owner: UUID) -> bytes | None:
    asked = {"kind": kind, "owner": owner}
    row = tx.connection().execute(_KEY_OF, asked).one_or_none()
    if row is None:
        return None
    return unwrap(node.keys, row.epoch, _bound(kind, owner), row.wrapped)


class Wrapped(NamedTuple):
    """A content key as its row has it."""

    kind: str
    owner: UUID
    epoch: int
    wrapped: bytes


def open_key(node: Node, row: Wrapped) -> bytes:
    """Return a content key whose row was read with others."""
    return unwrap(node.keys, row.epoch, _bound(row.kind, row.owner), row.wrapped)


def _bound(kind: str, owner: UUID) -> bytes:
    return kind.encode() + b"\0" + owner.bytes
