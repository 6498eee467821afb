"""Taking an activity in: cheap checks first, nothing kept of what is refused.

The bytes that were verified are the bytes that are kept. A 202 means: on disk, and
acted on later, whatever happens to this process.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from federation import inbox as wire
from federation import origins, signatures
from federation.errors import ActorGone, JsonMalformed, Overloaded, Rejected
from federation.inbox import Arrived, Local, Seen
from federation.signatures import Request
from governance.errors import NotFound
from node import actors, folding
from node.core import Node
from node.crowding import knock, one_of
from node.inbox import keeping, proving
from node.inbox.keeping import Known
from node.inbox.looking import is_iri, look
from node.models.actors import AdvocateActor

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
    found = [one for one in signatures.named_keys(asked) if is_iri(one)]
    return origins.origin(found[0]) if found else ""


def _receive(node: Node, delivery: Delivery) -> bool:
    local = _local(node, delivery.path)
    wire.check_head(delivery.fields)
    # Until something is proven, only where it came from counts: whoever is named in
    # it may know nothing of it.
    knock(node, delivery.source)
    body = delivery.read()
    document = wire.check_body(body)
    url = node.settings.origin + delivery.target
    request = Request("POST", url, delivery.fields, body)
    known = look(node, request, document)
    treatment = wire.treatment(known.modes, document)
    verified = proving.verified(node, request, document, known.keys)
    if verified is None:
        return False
    local = replace(local, follows=known.follows)
    arrived = Arrived(delivery.path, local, document, body, verified)
    checked = wire.check_sender(arrived, proof=proving.proof(node, document))
    # Most that comes twice is known here before anything is written.
    if wire.seen(known.digest, wire.fingerprint(body)) is Seen.NEW:
        keeping.keep(node, arrived, Known(checked, verified, treatment))
    return wire.asks_a_person(document, local)


def _local(node: Node, path: str) -> Local:
    # Step 1: the inbox exists.
    origin = node.settings.origin
    insecure = frozenset(node.settings.federation_insecure_hosts)
    if path == SHARED:
        return Local(origin, insecure=insecure)
    actor = path.removesuffix("/inbox")
    if actor not in _own(node):
        _require_advocate(node, actor)
    return Local(origin, origin + actor, insecure=insecure)


def _own(node: Node) -> frozenset[str]:
    # They never change: one process looks once.
    found = node.memory.get("inbox.own")
    if not isinstance(found, frozenset):
        with node.read() as tx:
            found = frozenset({actors.NODE, actors.community(tx)})
        node.memory["inbox.own"] = found
    return found


def _require_advocate(node: Node, actor: str) -> None:
    handle = actor.removeprefix("/ap/u/")
    with node.read() as tx:
        row = tx.get(AdvocateActor, handle) if handle != actor else None
    if row is None:
        raise NotFound("There is no such inbox here.")
    if row.closed_at is not None:
        raise ActorGone("Whoever this was for has left.")
