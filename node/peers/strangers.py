"""Actors of other nodes, fetched from their own origin and remembered."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from federation import fetch, origins, profiles
from federation.errors import Unfetched
from federation.fetch import Pace, Sign
from federation.profiles import Profile as Actor
from federation.signatures import Profile, Request, cavage, knock, rfc9421
from node import actors, jobs
from node.core import Node
from node.models.peers import RemoteActor
from node.peers.meeting import meet, memory
from node.upsert import insert_over

JOB = "peers.refresh"
#: Seconds that a document may take, with every request for it.
_SECONDS = 10.0
_REFUSED = {400, 401, 403, 500, 501}
_SIGN = {Profile.RFC9421: rfc9421.sign, Profile.CAVAGE: cavage.sign}


def document(node: Node, iri: str, *, pace: Pace | None = None) -> Mapping[str, object]:
    """Fetch a document from its own origin; some servers want the other profile.

    However many requests that takes, they share one time: what is left of the pace.
    """
    pace = pace or Pace(_SECONDS, node.monotonic)
    with node.read() as tx:
        begun = knock.first(memory(tx, origins.origin(iri), at=node.now())).profile
    try:
        return _asked(node, iri, begun, pace)
    except Unfetched as failure:
        if failure.status not in _REFUSED:
            raise
    (other,) = set(Profile) - {begun}
    return _asked(node, iri, other, pace)


def _asked(node: Node, iri: str, profile: Profile, pace: Pace) -> Mapping[str, object]:
    sign = signing(node, profile)
    return fetch.document(node.network, iri, sign, left=pace.left)[0]


def signing(node: Node, profile: Profile) -> Sign:
    """Return what signs requests in the node's name, by one profile."""

    def sign(method: str, url: str) -> Mapping[str, str]:
        signer = actors.signer(node, actors.NODE)
        return _SIGN[profile](Request(method, url, ()), signer, at=node.now())

    return sign


def keep_actor(node: Node, tx: Session, document: Mapping[str, object]) -> Actor:
    """Remember an actor as its own origin served it."""
    actor = profiles.read(document)
    row: dict[str, object] = {
        "id": actor.id,
        "origin": origins.origin(actor.id),
        "type": actor.type,
        "handle": actor.handle,
        "name": actor.name,
        "inbox": actor.inbox,
        "shared_inbox": actor.shared_inbox or "",
        "url": actor.page or "",
        "fetched_at": node.now(),
        "gone_at": None,
    }
    insert_over(tx, RemoteActor, row, "id")
    return actor


def learn_actor(node: Node, iri: str) -> Actor:
    """Fetch an actor from its own origin, and remember it. Not inside a transaction."""
    found = document(node, iri)
    with node.begin(durable=False) as tx:
        meet(node, tx, origins.origin(iri))
        return keep_actor(node, tx, found)


def ask(node: Node, tx: Session, iri: str) -> None:
    """Write down that an actor is to be asked anew; soon, and not for each request."""
    when = node.now()
    jobs.put(node, tx, jobs.Asked(JOB, iri, when, None, f"{JOB}/{iri}/{when:%Y%m%d%H}"))


def actor(tx: Session, iri: str) -> RemoteActor | None:
    """Return what is remembered of an actor."""
    return tx.get(RemoteActor, iri)
