"""What may be used of what an activity carries or passes on.

A stranger's words in somebody's envelope count as the stranger's only by a proof, or
as fetched from where they live. Whatever else arrives inside is thrown away.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from federation import origins
from federation.activities import Document, embedded, identifier
from federation.errors import ActorMismatch, IriInvalid, Rejected
from federation.inbox.catalogue import place
from federation.inbox.senders import Local, Proof, check_own
from federation.inbox.shapes import activity_type
from federation.inbox.table import Lane


class Trust(StrEnum):
    """What to do with an embedded or relayed thing."""

    #: It is authentic as it is.
    USE = "use"
    #: It is ours: our own copy counts, never the one that was sent.
    OURS = "ours"
    #: Its id counts: fetch it from its own origin.
    REFETCH = "refetch"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Carried:
    """What is known of an embedded or relayed thing beside what it says."""

    #: What became of the proof that it carries itself.
    proof: Proof = Proof.NONE
    #: Whose it is if it is known here already.
    holder: str | None = None


_UNKNOWN: Final = Carried()


def trust(
    inner: object, *, actor: str, local: Local, known: Carried = _UNKNOWN
) -> Trust:
    """Decide about what an actor's activity carries."""
    id_, whole = identifier(inner), embedded(inner)
    if id_ is None or known.proof is Proof.BAD:
        return Trust.DISCARD
    named = _by_name(id_, local)
    if named is not Trust.REFETCH or whole is None:
        return named
    try:
        owner = _owner(whole, id_, local)
    except Rejected:
        return Trust.DISCARD
    if owner is None:
        return Trust.REFETCH
    if known.holder not in {None, owner}:
        return Trust.DISCARD
    proven = known.proof is Proof.GOOD
    return Trust.USE if owner == actor or proven else Trust.REFETCH


def passed_on(document: Document, *, local: Local, known: Carried = _UNKNOWN) -> Trust:
    """Decide about what an `Announce` passes on: never privacy, never an `Announce`."""
    inner = embedded(document.get("object"))
    if inner is not None and not _may_be_passed_on(inner):
        return Trust.DISCARD
    if place(document).lane is not Lane.PUBLIC:
        return Trust.DISCARD
    actor = identifier(document.get("actor")) or ""
    return trust(document.get("object"), actor=actor, local=local, known=known)


def fetched(document: Document, *, local: Local) -> Trust:
    """Decide about a document that its own origin answered with."""
    try:
        id_ = origins.require_id(document.get("id"), insecure=local.insecure)
        owner = _owner(document, id_, local)
    except Rejected:
        return Trust.DISCARD
    ours = origins.same(id_, local.origin)
    fit = owner is not None and not ours and _may_be_passed_on(document)
    return Trust.USE if fit else Trust.DISCARD


def _may_be_passed_on(inner: Document) -> bool:
    return activity_type(inner) != "Announce" and place(inner).lane is Lane.PUBLIC


def _by_name(id_: str, local: Local) -> Trust:
    try:
        origins.require_id(id_, insecure=local.insecure)
    except IriInvalid:
        return Trust.DISCARD
    return Trust.OURS if origins.same(id_, local.origin) else Trust.REFETCH


def _owner(whole: Document, id_: str, local: Local) -> str | None:
    try:
        owner = origins.owner(whole)
    except Rejected:
        return None
    if not origins.same(id_, owner):
        raise ActorMismatch("The id is not of its owner's origin.")
    # What is inside is judged too: an envelope of one's own proves nothing for it.
    check_own(whole, actor=owner, local=local)
    return owner
