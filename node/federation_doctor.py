"""Looking at another node, step by step: asking through the guard, judging nothing.

Only GETs leave, so nothing changes here or there. No transaction is open meanwhile.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from federation import discovery, doctor, fetch, origins, profiles, strict
from federation.activities import Document
from federation.delivery import State
from federation.doctor import Finding, Seen, Waiting
from federation.errors import Unfetched
from federation.fetch import Fetched, Kind, Sign
from federation.policy import Mode
from federation.signatures import Profile
from federation.vocabulary import dump
from governance.errors import NotFound
from node import actors, federation_status, log, peers
from node.core import Node, outside
from node.federation_status import Health
from node.models.outbox import Courier, Target
from node.models.peers import Peer, RemoteActor, RemoteKey

_OPEN = (State.WAITING, State.SENDING, State.PARKED)
#: Seconds that one document may take.
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of the node that is looked at."""

    origin: str
    mode: Mode
    profile: Profile | None
    #: An actor of it, should it name none itself.
    actor: str | None
    waiting: Waiting


def examine(node: Node, host: str) -> Iterator[Finding]:
    """Yield what works between us and a node, each as soon as it is known."""
    named = peers.origin(node, host)
    with node.read() as tx:
        known = _known(node, tx, peers.met(tx, host), named)
    outside()
    ours = _ours(node)
    yield doctor.ours(ours)
    yield doctor.ledger(log.start_check(node))
    if ours:
        served = ((document, _vouched(node, iri)) for iri, document in ours.items())
        yield doctor.ourselves(served)
    yield from _there(node, known, signs=bool(ours))
    yield doctor.mode(known.mode)
    yield doctor.profile(known.profile)
    yield doctor.waiting(known.waiting)


def _ours(node: Node) -> Mapping[str, Document]:
    """Return our actors as they should be served; none before all have their keys."""
    try:
        with node.read() as tx:
            paths = [actors.NODE, actors.community(tx)]
        found = [dump(actors.actor(node, path)[0]) for path in paths]
    except NotFound:
        return {}
    served = [strict.loads(body) for body in found]
    return {str(one["id"]): one for one in served if isinstance(one, dict)}


def _known(node: Node, tx: Session, row: Peer | None, named: str) -> _Known:
    origin = row.origin if row else named
    actor = select(RemoteActor.id).where(
        RemoteActor.origin == origin, RemoteActor.gone_at.is_(None)
    )
    return _Known(
        origin,
        Mode(row.mode) if row else Mode.OPEN,
        peers.memory(tx, origin, at=node.now()).profile,
        tx.scalar(actor.order_by(RemoteActor.id).limit(1)),
        _waiting(node, tx, origin),
    )


def _waiting(node: Node, tx: Session, origin: str) -> Waiting:
    here = (Target.origin == origin, Target.state.in_(_OPEN))
    counted = tx.execute(
        select(Target.state, func.count()).where(*here).group_by(Target.state)
    )
    counts = dict(counted.all())
    last = select(Target.answer).where(*here, Target.answer != "")
    courier, now = tx.get(Courier, origin), node.now()
    until = courier.open_until if courier else None
    return Waiting(
        waiting=counts.get(State.WAITING, 0) + counts.get(State.SENDING, 0),
        parked=counts.get(State.PARKED, 0),
        answer=tx.scalar(last.order_by(Target.at.desc()).limit(1)) or "",
        paused_until=until if until and until > now else None,
        dead=federation_status.health(courier, at=now) is Health.DEAD,
    )


def _there(node: Node, known: _Known, *, signs: bool) -> Iterator[Finding]:
    origin = known.origin
    yield (name := doctor.name(_resolved(node, f"{origin}/")))
    if name.fails:
        return
    finger = _asked(node, discovery.query_origin(origin), Kind.WEBFINGER)
    yield (connection := doctor.connection(finger))
    if connection.fails:
        return
    info = _asked(node, f"{origin}/.well-known/nodeinfo", Kind.NODEINFO)
    yield doctor.clock([finger.date, info.date], at=node.now())
    yield doctor.webfinger(finger)
    yield doctor.nodeinfo(info)
    named = [discovery.read_node(one.document) for one in (finger, info)]
    own = [iri for iri in named if iri and origins.same(iri, origin)]
    if actor := next(iter(own), known.actor):
        yield from _actor(node, actor, signs=signs)
    else:
        yield doctor.unnamed()


def _actor(node: Node, iri: str, *, signs: bool) -> Iterator[Finding]:
    signing = {one: peers.signing(node, one) for one in Profile} if signs else {}
    seen = {one: _vouched(node, iri, sign) for one, sign in signing.items()}
    if signed := doctor.signatures(seen):
        yield signed
        if signed.fails:
            return
    each = list(seen.values()) or [_vouched(node, iri)]
    found = next((one for one in each if not one.code), each[0])
    yield (actor := doctor.actor(found))
    if actor.fails:
        return
    with node.read() as tx:
        keys = select(RemoteKey.id, RemoteKey.raw).where(RemoteKey.owner == iri)
        known = dict(tx.execute(keys).all())
    yield doctor.key_ring(found.document, known)
    yield doctor.capabilities(found.document)
    inbox = profiles.read(found.document).inbox
    yield doctor.inbox(_asked(node, inbox, Kind.ACTIVITY))


def _resolved(node: Node, url: str) -> str:
    try:
        node.network.addresses(url)
    except Unfetched as failure:
        return failure.code
    return ""


def _asked(node: Node, url: str, kind: Kind) -> Seen:
    def ask() -> Fetched:
        return node.network.get(url, kind=kind)

    return Seen.of(ask)


def _vouched(node: Node, iri: str, sign: Sign | None = None) -> Seen:
    left = fetch.Pace(_SECONDS, node.monotonic).left
    return Seen.vouched(lambda: fetch.document(node.network, iri, sign, left=left)[0])
