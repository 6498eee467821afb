"""The keys of other nodes: where they are listed, and whose they are.

A key counts only if it comes from its own origin and the actor it names as owner lists
it too: a key document alone could name anybody.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from federation import origins
from federation.errors import KeyRefused, Rejected
from federation.multibase import base58, multikey, read_x25519, unbase58
from federation.publickeys import Kind, PublicKey, read_multikey, read_pem

__all__ = [
    "Kind",
    "PublicKey",
    "accept",
    "base58",
    "multikey",
    "of_actor",
    "read_multikey",
    "read_pem",
    "read_x25519",
    "unbase58",
]

#: Of each sort, so that an actor with a thousand keys costs no more than any other.
MOST = 4


def of_actor(actor: Mapping[str, object]) -> dict[str, PublicKey]:
    """Return the acceptable keys that an actor lists as its own, by their ids."""
    found: dict[str, PublicKey] = {}
    for entry in _entries(actor):
        with suppress(Rejected):
            key = _read(entry)
            if key.owner == actor.get("id") and origins.same(key.id, key.owner):
                found.setdefault(key.id, key)
    return found


def accept(
    key_id: str, document: Mapping[str, object], owner_document: Mapping[str, object]
) -> PublicKey:
    """Return the key that was fetched, if its owner lists it as well.

    `document` is what the key's own origin serves for it; it may be the owner itself.
    """
    entries = (document, *_entries(document))
    key = _read(next((it for it in entries if _names(it, key_id)), {}))
    if key.owner != owner_document.get("id"):
        raise KeyRefused("The key's owner is somebody else.")
    if not origins.same(key_id, key.owner) or not _claimed(document, key_id):
        raise KeyRefused("The key and its owner have different origins.")
    if not _lists(owner_document, key):
        raise KeyRefused("The owner does not list the key.")
    return key


def _claimed(document: Mapping[str, object], key_id: str) -> bool:
    id_ = document.get("id")
    return isinstance(id_, str) and origins.same(id_, key_id)


def _lists(actor: Mapping[str, object], key: PublicKey) -> bool:
    listed = of_actor(actor)
    if key.id in listed:
        return listed[key.id] == key
    # A bare key document is listed by its id alone.
    return key.id in _values(actor, "publicKey", "assertionMethod")


def _entries(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for value in _values(document, "publicKey", "assertionMethod"):
        if isinstance(value, Mapping):
            yield value


def _values(document: Mapping[str, object], *names: str) -> list[object]:
    found: list[object] = []
    for name in names:
        value = document.get(name)
        found += (value if isinstance(value, list) else [value])[:MOST]
    return found


def _names(entry: Mapping[str, object], key_id: str) -> bool:
    return entry.get("id") == key_id and bool(
        {"publicKeyPem", "publicKeyMultibase"} & entry.keys()
    )


def _read(entry: Mapping[str, object]) -> PublicKey:
    match entry:
        case {"id": str(id_), "owner": str(owner), "publicKeyPem": str(pem)}:
            return read_pem(pem, id=id_, owner=owner)
        case {
            "id": str(id_),
            "type": "Multikey",
            "controller": str(owner),
            "publicKeyMultibase": str(text),
        }:
            return read_multikey(text, id=id_, owner=owner)
    raise KeyRefused("This is not a key as actors list them.")
