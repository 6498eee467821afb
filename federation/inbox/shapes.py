"""Reading a document by its keys: what is in it, before anything is believed.

Nothing here raises: what is not there, or is of another shape, is simply not found.
"""

from collections.abc import Iterator
from typing import Final

from federation import activities
from federation.activities import Document, embedded

#: Deeper nothing is looked at.
_DEPTH: Final = 3
_ADDRESSES: Final = ("to", "cc", "bto", "bcc", "audience")


def activity_type(document: Document) -> str | None:
    """Return the activity's type: of several the first that is one."""
    return activities.first_known(activities.kinds(document), activities.TYPES)


def types_of(value: object) -> tuple[str, ...]:
    """Return the types of what is embedded here; of a bare id none are known."""
    inner = embedded(value)
    return activities.kinds(inner) if inner else ()


def has(document: Document | None, key: str) -> bool:
    """Say whether a document says something under a key; null says nothing."""
    return document is not None and document.get(key) is not None


def addressed(document: Document) -> Iterator[str]:
    """Give every id that a document is addressed to, however."""
    for key in _ADDRESSES:
        yield from activities.identifiers(document.get(key))


def layers(document: Document) -> Iterator[Document]:
    """Give an activity, what it is about, and what that is about."""
    below: Document | None = document
    for _ in range(_DEPTH):
        if below is None:
            return
        yield below
        below = embedded(below.get("object"))
