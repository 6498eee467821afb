"""Taking an activity in: cheap checks first, nothing kept of what is refused.

The bytes that were verified are the bytes that are kept. A 202 means: on disk, and
acted on later, whatever happens to this process.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from federation import inbox as wire
from federation import origins, signatures
from federation.errors import (
    ActorGone,
    JsonMalformed,
    Overloaded,
    Rejected,
    TooMany,
)
from federation.inbox import Arrived, Local, Treatment
from federation.signatures import Request
from governance.errors import NotFound, Throttled
from node import actors, folding, peers, throttle
from node.core import Node
from node.crowding import one_of
from node.inbox import keeping, proving
from node.inbox.keeping import Known
from node.models.actors import AdvocateActor
from node.models.follows import Follow

SHARED = "/ap/inbox"
#: How many deliveries one process looks at at a time: fewer than there are threads,
#: so that however much arrives, people find one that is free.
AT_ONCE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One POST to an inbox, as it came."""

    path: str
    #: Path and query, as the request line has them.
    target: str
    #: The block of addresses it came from.
    source: str
    fields: tuple[tuple[str, str], ...]
    #: Reads the body, whose size was announced; called once the head is good.
    read: Callable[[], bytes]


def receive(node: Node, delivery: Delivery) -> bool:
    """Take an activity in, or refuse it. Safe to call twice: twice is once.

    Returns whether a person will decide about it.
    """
    folding.write(node)
    try:
        with one_of(node, "inbox", AT_ONCE, Overloaded("Come back a little later.")):
            return _receive(node, delivery)
    except Rejected as refused:
        # JSON that is not strict is noted by whoever answers, wherever it came to.
        if not isinstance(refused, JsonMalformed):
            folding.warn(node, refused, _claimed(delivery))
        raise


def _claimed(delivery: Delivery) -> str:
    # Of whom it says it is, for the log: nothing of it is proven.
    asked = Request("POST", "", delivery.fields)
    found = [one for one in signatures.named_keys(asked) if _is_iri(one)]
    return origins.origin(found[0]) if found else ""


def _receive(node: Node, delivery: Delivery) -> bool:
    local = _local(node, delivery.path)
    wire.check_head(delivery.fields)
    # Until something is proven, only where it came from counts: whoever is named in
    # it may know nothing of it.
    _spend(node, "federation.knock", delivery.source)
    body = delivery.read()
    document = wire.check_body(body)
    url = node.settings.origin + delivery.target
    request = Request("POST", url, delivery.fields, body)
    treatment = _admitted(node, request, document)
    verified = proving.verified(node, request, document)
    if verified is None:
        return False
    _spend(node, "federation.inbox", origins.origin(verified.owner))
    local = _with_follows(node, local, document)
    arrived = Arrived(delivery.path, local, document, body, verified)
    checked = wire.check_sender(arrived, proof=proving.proof(node, document))
    keeping.keep(node, arrived, Known(checked, verified, treatment))
    return wire.asks_a_person(document, local)


def _local(node: Node, path: str) -> Local:
    # Step 1: the inbox exists.
    origin = node.settings.origin
    insecure = frozenset(node.settings.federation_insecure_hosts)
    if path == SHARED:
        return Local(origin, insecure=insecure)
    actor = path.removesuffix("/inbox")
    with node.read() as tx:
        known = {actors.NODE, actors.community(tx)}
        handle = actor.removeprefix("/ap/u/")
        row = tx.get(AdvocateActor, handle) if handle != actor else None
    if row is not None and row.closed_at is not None:
        raise ActorGone("Whoever this was for has left.")
    if actor in known or row is not None:
        return Local(origin, origin + actor, insecure=insecure)
    raise NotFound("There is no such inbox here.")


def _admitted(
    node: Node, request: Request, document: Mapping[str, object]
) -> Treatment:
    # Step 4: what is decided about whoever is named, before anything is proven.
    named = [*signatures.named_keys(request), wire.sender(document) or ""]
    concerned = {origins.origin(one) for one in named if _is_iri(one)}
    with node.read() as tx:
        modes = peers.modes(tx, concerned)
    return wire.treatment(modes, document)


def _spend(node: Node, what: str, key: str) -> None:
    try:
        throttle.spend(node, what, key)
    except Throttled as refused:
        raise TooMany("Send less, or later.", again=refused.retry_after) from refused


def _is_iri(text: str) -> bool:
    try:
        origins.origin(text)
    except Rejected:
        return False
    return True


def _with_follows(node: Node, local: Local, document: Mapping[str, object]) -> Local:
    with node.read() as tx:
        followed = select(Follow.id).where(
            Follow.object == (wire.sender(document) or ""), Follow.state == "accepted"
        )
        follows = tx.scalar(followed.limit(1)) is not None
    return Local(local.origin, local.actor, follows, local.lanes, local.insecure)
