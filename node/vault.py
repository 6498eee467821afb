"""Members' words, sealed under keys that can be destroyed.

Each person and each case chain has a content key of its own, wrapped under the key
of an epoch. Destroying the wrapped key is erasure, in every copy there is.
"""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from node.core import Node
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


def wrap(keys: Keys, dice: Callable[[int], bytes], bound: bytes, key: bytes) -> bytes:
    """Return a content key wrapped under the newest epoch's key."""
    nonce = dice(_NONCE)
    epoch = keys.epoch
    aad = b"folkmoot/wrap/1\0" + bound + b"\0" + str(epoch).encode()
    return nonce + AESGCM(keys.wrap[epoch]).encrypt(nonce, key, aad)


def unwrap(keys: Keys, epoch: int, bound: bytes, wrapped: bytes) -> bytes:
    """Return a content key, or raise `Damaged` if its wrap was swapped or is gone."""
    aad = b"folkmoot/wrap/1\0" + bound + b"\0" + str(epoch).encode()
    if epoch not in keys.wrap:
        raise Damaged(f"the wrap key of epoch {epoch} is gone")
    try:
        return AESGCM(keys.wrap[epoch]).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], aad)
    except (InvalidTag, ValueError) as error:
        raise Damaged("a content key does not open") from error


def new_key(node: Node, tx: Session, kind: str, owner: UUID) -> bytes:
    """Make and keep the content key of one person or one case chain."""
    key = node.dice(KEY_SIZE)
    insert_rows(
        tx,
        ContentKey,
        {
            "kind": kind,
            "owner": owner,
            "epoch": node.keys.epoch,
            "wrapped": wrap(node.keys, node.dice, _bound(kind, owner), key),
            "created_at": node.now(),
        },
    )
    return key


def key_of(node: Node, tx: Session, kind: str, owner: UUID) -> bytes | None:
    """Return a content key, or None once it was destroyed."""
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
