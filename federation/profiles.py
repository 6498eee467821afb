"""Actors of others: what is believed of a document from the actor's own origin.

A stranger's handle names nobody here, whatever it says: it is shown with its host.
"""

from dataclasses import dataclass
from typing import Final

from federation import activities, markup, measures, origins
from federation.activities import Document, identifier, identifiers, text
from federation.errors import ActivityMalformed, NotAnActor

LONGEST_HANDLE: Final = 64
#: How many values of a kind are read.
_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Profile:
    """What is believed of a stranger's actor. The host is part of every name shown."""

    id: str
    type: str
    #: As the other node spells it; names nobody here, whatever it says.
    handle: str
    host: str
    name: str
    summary: str
    page: str | None
    inbox: str
    shared_inbox: str | None
    followers: str | None
    outbox: str | None
    groups: tuple[str, ...]
    also_known_as: tuple[str, ...]
    moved_to: str | None

    @property
    def address(self) -> str:
        """The handle with its host, the only name that cannot be another's."""
        return f"{self.handle}@{self.host}"


def read(document: Document) -> Profile:
    """Return what is believed of an actor's document, fetched from its own origin."""
    measures.check(document)
    iri = identifier(document.get("id")) or ""
    host = origins.host(iri)
    kind = activities.first_known(activities.kinds(document), origins.ACTORS)
    inbox = _own(iri, document.get("inbox"))
    if kind not in origins.ACTORS or not inbox:
        raise NotAnActor("An actor has a type of its kind and an inbox of its origin.")
    endpoints = activities.embedded(document.get("endpoints")) or {}
    return Profile(
        id=iri,
        type=kind,
        handle=_handle(text(document.get("preferredUsername"))),
        host=host,
        name=text(document.get("name")),
        summary=markup.plain(text(document.get("summary"))),
        page=markup.link(activities.single(document.get("url"))),
        inbox=inbox,
        shared_inbox=_own(iri, endpoints.get("sharedInbox")),
        followers=_own(iri, document.get("followers")),
        outbox=_own(iri, document.get("outbox")),
        groups=_several(document, "fm:advocateOf"),
        also_known_as=_several(document, "alsoKnownAs"),
        moved_to=identifier(document.get("movedTo")),
    )


def _own(iri: str, value: object) -> str | None:
    # Where we write to is a key of our tables: it is no longer than an id may be.
    found = identifier(value)
    if found and origins.fits(found) and origins.same(iri, found):
        return found
    return None


def _several(document: Document, key: str) -> tuple[str, ...]:
    return identifiers(document.get(key))[:_MOST]


def _handle(said: str) -> str:
    # Control and bidi characters would let one name look like another.
    shown = "".join(each for each in said if each.isprintable() and each != " ")
    if len(shown) > LONGEST_HANDLE:
        raise ActivityMalformed(f"A handle of more than {LONGEST_HANDLE} characters.")
    return shown
