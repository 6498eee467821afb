"""What is known here of whoever knocks: one look, before anything is proven."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from federation import inbox as wire
from federation import origins, signatures
from federation.errors import Rejected
from federation.policy import Mode
from federation.signatures import Request
from node import peers
from node.core import Node
from node.models.follows import Follow
from node.models.inbox import Received
from node.peers import KnownKey
from node.upsert import table

_FOLLOW, _RECEIVED = table(Follow).c, table(Received).c
# Built once: whoever knocks has them run.
_FOLLOWED = (
    select(_FOLLOW.id)
    .where(_FOLLOW.object == bindparam("actor"), _FOLLOW.state == "accepted")
    .limit(1)
)
_DIGEST = select(_RECEIVED.digest).where(_RECEIVED.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Look:
    """What stands in the database, all of one moment."""

    #: How those who are named are to be treated.
    modes: tuple[Mode, ...]
    #: The keys that are named and known, by their ids.
    keys: Mapping[str, KnownKey]
    #: Whether somebody here follows whoever acts.
    follows: bool
    #: The hash of what came under this id before; None if nothing did.
    digest: bytes | None


def look(node: Node, request: Request, document: Mapping[str, object]) -> Look:
    """Look up whoever a request and its document name."""
    keys, actor = signatures.named_keys(request), wire.sender(document) or ""
    concerned = {origins.origin(one) for one in (*keys, actor) if is_iri(one)}
    with node.read() as tx:
        return Look(
            peers.modes(tx, concerned),
            peers.known_keys(tx, keys),
            tx.connection().scalar(_FOLLOWED, {"actor": actor}) is not None,
            digest_of(tx, document.get("id")),
        )


def is_iri(text: str) -> bool:
    """Say whether a text is an address of the web."""
    try:
        origins.origin(text)
    except Rejected:
        return False
    return True


def digest_of(tx: Session, id_: object) -> bytes | None:
    """Return the hash of what came under an id; None if nothing did."""
    if not isinstance(id_, str):
        return None
    found: bytes | None = tx.connection().scalar(_DIGEST, {"id": id_})
    return found
