"""What is remembered of ids: what came before, and what is gone for good.

An id means the same bytes for ever. What its owner deleted or undid stays so, in
whatever order the words about it arrive.
"""

from collections.abc import Collection
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from federation import origins
from federation.activities import Document, embedded, identifier
from federation.errors import IriInvalid, OtherBytes, Rejected
from federation.inbox.catalogue import Change, change
from federation.inbox.shapes import activity_type

_DEPTH: Final = 3


class Seen(StrEnum):
    """Whether an id was here before."""

    NEW = "new"
    AGAIN = "again"


def fingerprint(raw: bytes) -> bytes:
    """Return what is kept of the bytes of a document."""
    return sha256(raw).digest()


def seen(known: bytes | None, new: bytes) -> Seen:
    """Say whether an activity was here before; other bytes under its id are refused."""
    if known is None:
        return Seen.NEW
    if not compare_digest(known, new):
        raise OtherBytes("This id was here before, with other bytes.")
    return Seen.AGAIN


def tombstone(id_: str, *, owner: str) -> bytes:
    """Return what is kept of an id that its owner took back.

    The owner is in it: a neighbour on the same host who deletes what is not theirs
    leaves a stone that nothing of the real owner ever meets.
    """
    return sha256(f"folkmoot/tombstone/v1\0{owner}\0{id_}".encode()).digest()


def buries(document: Document) -> bytes | None:
    """Return the tombstone that an activity puts up, if it puts up one."""
    actor, target = (
        identifier(document.get("actor")),
        identifier(document.get("object")),
    )
    if activity_type(document) not in {"Delete", "Undo"} or not actor or not target:
        return None
    if change(document) is not Change.LESS or not origins.same(actor, target):
        return None
    return tombstone(target, owner=actor)


def is_buried(document: Document, stones: Collection[bytes]) -> bool:
    """Say whether an activity, or what it carries, was taken back before."""
    if activity_type(document) in {"Delete", "Undo"}:
        return False
    return any(stone in stones for stone in marks(document))


def marks(document: Document) -> list[bytes]:
    """Return the tombstones to look for before an activity is acted on."""
    owner = identifier(document.get("actor")) or ""
    found = [tombstone(owner, owner=owner)]
    below: object = document
    for _ in range(_DEPTH):
        id_, inner = identifier(below), embedded(below)
        if id_ is None:
            break
        # What is only named is looked up under the name of whoever names it.
        owner = _owner(inner, owner)
        found.append(tombstone(id_, owner=owner))
        below = inner.get("object") if inner else None
    return found


def is_farewell(document: Document, key_id: str) -> bool:
    """Say whether an actor whose key is gone deletes itself: no proof, no effect."""
    actor = identifier(document.get("actor"))
    try:
        return (
            activity_type(document) == "Delete"
            and actor is not None
            and identifier(document.get("object")) == actor
            and origins.origin(key_id) == origins.origin(actor)
        )
    except IriInvalid:
        return False


def _owner(inner: Document | None, otherwise: str) -> str:
    try:
        return origins.owner(inner) if inner else otherwise
    except Rejected:
        return otherwise
