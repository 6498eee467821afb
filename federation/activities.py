"""An activity as it was read: a value with the few things every handler asks for.

Documents are read by their keys. A single value equals a list of one, what is embedded
counts by its id, and the bytes that came stay beside what was read from them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

Document: TypeAlias = Mapping[str, object]

#: The types that are activities. Of a list of types, the first of these counts.
TYPES: Final = frozenset(
    {
        *("Accept", "Add", "Announce", "Arrive", "Block", "Create", "Delete"),
        *("Dislike", "Flag", "Follow", "Ignore", "Invite", "Join", "Leave", "Like"),
        *("Listen", "Move", "Offer", "Question", "Read", "Reject", "Remove"),
        *("TentativeAccept", "TentativeReject", "Travel", "Undo", "Update", "View"),
    }
)
PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
_PUBLIC: Final = frozenset({PUBLIC, "as:Public", "Public"})
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,12})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
#: Nothing on this network is older, or is planned for later.
_YEARS: Final = range(1970, 2200)


@dataclass(frozen=True, slots=True)
class Activity:
    """What somebody did, as their node says it."""

    id: str
    type: str
    actor: str
    #: The one thing it is about: its id, and the thing where it came along.
    object_id: str | None
    object: Document | None
    #: All it is about, by id. A report names an actor and then posts.
    objects: tuple[str, ...]
    target: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    in_reply_to: str | None
    #: What it says of its own time; None if that is no time. We order by receipt.
    published: datetime | None
    raw: bytes
    document: Document
    #: Whether the type is one of ActivityStreams or of ours.
    known: bool = True

    @property
    def public(self) -> bool:
        """Whether it is addressed to everybody."""
        return public(self.document)


def read(document: Document, raw: bytes) -> Activity | None:
    """Return what a document says; None without one id, one actor and a type."""
    kind = first_known(kinds(document), TYPES)
    iri, actor = document.get("id"), identifier(document.get("actor"))
    if kind is None or not isinstance(iri, str) or not iri or not actor:
        return None
    return Activity(
        id=iri,
        type=kind,
        actor=actor,
        object_id=identifier(document.get("object")),
        object=embedded(document.get("object")),
        objects=identifiers(document.get("object")),
        target=identifier(document.get("target")),
        to=identifiers(document.get("to")),
        cc=identifiers(document.get("cc")),
        in_reply_to=identifier(document.get("inReplyTo")),
        published=moment(document.get("published")),
        raw=raw,
        document=document,
        known=kind in TYPES,
    )


def public(document: Document) -> bool:
    """Say whether a document is addressed to everybody."""
    named = (*identifiers(document.get("to")), *identifiers(document.get("cc")))
    return not _PUBLIC.isdisjoint(named)


def several(value: object) -> tuple[object, ...]:
    """Return all that is there: nothing, one thing, or a list of them."""
    match value:
        case None:
            return ()
        case list():
            return tuple(value)
    return (value,)


def single(value: object) -> object:
    """Return the one thing there is; None if there is none, or more."""
    found = several(value)
    return found[0] if len(found) == 1 else None


def embedded(value: object) -> Document | None:
    """Return the one thing that came along whole."""
    found = single(value)
    return found if isinstance(found, dict) else None


def identifier(value: object) -> str | None:
    """Return the id of the one thing that is meant, named or embedded."""
    match single(value):
        case str(named) | {"id": str(named)} if named:
            return named
    return None


def identifiers(value: object) -> tuple[str, ...]:
    """Return the id of everything that has one."""
    found = (identifier(each) for each in several(value))
    return tuple(each for each in found if each)


def text(value: object) -> str:
    """Return the one text there is, or none."""
    found = single(value)
    return found if isinstance(found, str) else ""


def kinds(document: Document) -> tuple[str, ...]:
    """Return the types of a document, as it lists them."""
    found = several(document.get("type"))
    return tuple(each for each in found if isinstance(each, str) and each)


def first_known(named: tuple[str, ...], known: frozenset[str]) -> str | None:
    """Return the first type that is known, else the first, else nothing."""
    return next((each for each in named if each in known), next(iter(named), None))


def moment(value: object) -> datetime | None:
    """Return a time in any RFC 3339 spelling; None for what is no usable time."""
    written = text(value)
    if not _RFC_3339.fullmatch(written):
        return None
    try:
        found = datetime.fromisoformat(written.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def stamp(at: datetime) -> str:
    """Return a time as it is sent."""
    whole = at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return whole.isoformat() + "Z"
