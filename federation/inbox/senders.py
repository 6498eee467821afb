"""Who sent a document, whether it may speak for whom it names, and whom it is for.

Everything here is decided by ids and origins. Nothing in a pushed body is believed
but what its signer could have said anyway.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from federation import origins
from federation.activities import Document, embedded, identifier
from federation.errors import (
    ActivityMalformed,
    ActorLocalId,
    ActorMismatch,
    IriInvalid,
    NobodyAddressed,
    ProofBad,
    TypeUnsupported,
)
from federation.inbox.catalogue import Change, Place, change, place
from federation.inbox.shapes import (
    activity_type,
    addressed,
    layers,
)
from federation.inbox.table import Lane
from federation.signatures import Verified

#: The row of replies to what is public.
_REPLY: Final = 4
_SPOKEN: Final = frozenset({Lane.PUBLIC})
#: Under these a document names what it is about.
_ABOUT: Final = ("object", "target", "inReplyTo")


class Proof(StrEnum):
    """What became of the proof in a document."""

    NONE = "none"
    GOOD = "good"
    BAD = "bad"
    #: Of a cryptosuite that is not known here.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Local:
    """What is known here of the inbox that a document came to, and of its sender."""

    #: Our own origin.
    origin: str
    #: Whose inbox it is; None for the one that all share.
    actor: str | None = None
    #: Whether somebody here follows whoever acts.
    follows: bool = False
    #: The lanes that are spoken here.
    lanes: frozenset[Lane] = _SPOKEN
    #: The `host:port` that may be reached without TLS.
    insecure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A document whose signature was good, and where it came to."""

    inbox: str
    local: Local
    document: Document
    raw: bytes
    verified: Verified


@dataclass(frozen=True, slots=True)
class Checked:
    """An activity that its signer may send here."""

    id: str
    type: str
    actor: str
    place: Place


def check_sender(arrived: Arrived, *, proof: Proof = Proof.NONE) -> Checked:
    """Return what arrived once its sender may have sent it here, or refuse it."""
    document, local = arrived.document, arrived.local
    named = _named(document, local)
    if not arrived.verified.owner == origins.owner(document) == named.actor:
        raise ActorMismatch("The key's owner is not the actor.")
    check_own(document, actor=named.actor, local=local)
    _check_addressee(document, named.place.lane, local)
    _check_lane(named.place.lane, local, proof)
    return named


def sender(document: Document) -> str | None:
    """Return the actor's id as the body claims it, for counting before proving."""
    return identifier(document.get("actor"))


def asks_a_person(document: Document, local: Local) -> bool:
    """Say whether somebody here has to agree before this has an effect.

    Decided by what it answers, not by what is there: whoever answers something that is
    not public, or not there at all, is told the same.
    """
    inner = embedded(document.get("object")) or {}
    parent = identifier(inner.get("inReplyTo"))
    replies = place(document).row == _REPLY and activity_type(document) == "Create"
    return replies and parent is not None and _is_of(parent, local.origin)


def _is_of(id_: str, origin: str) -> bool:
    try:
        return origins.origin(id_) == origin
    except IriInvalid:
        return False


def check_own(document: Document, *, actor: str, local: Local) -> None:
    """Refuse an activity that makes or changes what is not its actor's."""
    inner = embedded(document.get("object"))
    if inner is None or activity_type(document) not in {"Create", "Update"}:
        return
    id_ = inner.get("id")
    if not isinstance(id_, str):
        raise ActivityMalformed("What is created or updated has an id.")
    if origins.same(id_, local.origin):
        raise ActorLocalId("This id belongs to this node.")
    if not origins.same(id_, actor):
        raise ActorMismatch("The object is not of the actor's origin.")
    if origins.owner(inner) != actor:
        raise ActorMismatch("The object is attributed to somebody else.")


def _named(document: Document, local: Local) -> Checked:
    kind, actor = activity_type(document), identifier(document.get("actor"))
    if kind is None or actor is None or not isinstance(document.get("id"), str):
        raise ActivityMalformed("An activity has an id, an actor and a type.")
    try:
        id_ = origins.require_id(document["id"], insecure=local.insecure)
        actor = origins.require_id(actor, insecure=local.insecure)
    except IriInvalid as error:
        raise ActivityMalformed("The id or the actor is no usable address.") from error
    if origins.same(id_, local.origin) or origins.same(actor, local.origin):
        raise ActorLocalId("This id belongs to this node.")
    if not origins.same(id_, actor):
        raise ActorMismatch("The id is not of the actor's origin.")
    return Checked(id_, kind, actor, place(document))


def _check_addressee(document: Document, lane: Lane, local: Local) -> None:
    if lane is not Lane.PUBLIC:
        if local.actor not in set(addressed(document)):
            raise NobodyAddressed("This goes to the inbox of whom it names.")
        return
    # What reduces sharing is for whoever has a copy, whomever it names.
    if local.actor or local.follows or change(document) is Change.LESS:
        return
    # What an actor says of itself is for whoever remembers it.
    if _is_of_itself(document):
        return
    if not any(origins.same(each, local.origin) for each in _meant(document)):
        raise NobodyAddressed("Nobody here is meant.")


def _is_of_itself(document: Document) -> bool:
    about = identifier(document.get("object"))
    return activity_type(document) == "Update" and about == sender(document)


def _meant(document: Document) -> list[str]:
    meant: list[str] = []
    for layer in layers(document):
        ids = (identifier(layer.get(key)) for key in _ABOUT)
        meant += [*addressed(layer), *(each for each in ids if each)]
    return meant


def _check_lane(lane: Lane, local: Local, proof: Proof) -> None:
    if lane not in local.lanes:
        raise TypeUnsupported("No agreement of this node covers this.")
    if proof is Proof.BAD or (lane is not Lane.PUBLIC and proof is not Proof.GOOD):
        raise ProofBad("The proof is missing, or does not hold.")
