"""Writing down what is to be sent: one activity in its bytes, one row a recipient."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from federation import inbox, origins, proofs, vocabulary
from federation.delivery import State
from federation.inbox import Change, Lane
from federation.policy import Mode
from federation.terms import DATA_INTEGRITY
from node import actors
from node.actors import Prover
from node.core import Node
from node.models.follows import Follow
from node.models.outbox import Courier, Outgoing, Target
from node.models.peers import Peer, RemoteActor
from node.upsert import insert_once, insert_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One activity of ours, before it is bytes."""

    document: Mapping[str, object]
    #: The path of the actor that acts and signs.
    actor: str
    #: What it belongs to: two of one context are never under way at once.
    context: str
    #: The ledger entry that must be in the log before it leaves.
    oid: int | None = None
    #: What proves it, where that is not the actor's newest key.
    prover: Prover | None = None


def put(node: Node, tx: Session, sending: Sending, to: Iterable[str]) -> None:
    """Write an activity down, for these inboxes, beside what caused it.

    Blocked origins get nothing new in public, only what takes something back.
    """
    now, lane = node.now(), inbox.lane(sending.document)
    key_id, key = sending.prover or actors.prover(node, tx, sending.actor)
    document = dict(sending.document)
    if not _passes_on(document):
        document = proofs.sign(_for_proof(document), key_id, key, at=now)
    outgoing = Outgoing(
        activity_id=str(document["id"]),
        lane=lane,
        context=sending.context,
        actor=sending.actor,
        type=str(document["type"]),
        raw=vocabulary.dump(document),
        oid=sending.oid,
        created_at=now,
    )
    tx.add(outgoing)
    tx.flush()
    rows = [
        {
            "seq": outgoing.seq,
            "inbox": inbox_,
            "lane": lane,
            "origin": origins.origin(inbox_),
            "state": State.WAITING,
            "attempts": 0,
            "answer": "",
            "profile": "",
            "next_try_at": now,
        }
        for inbox_ in _welcome(tx, set(to), document)
    ]
    if rows:
        insert_rows(tx, Target, rows)
        wake(node, tx, {str(row["origin"]) for row in rows})
        tx.info["ring"] = True


def _welcome(tx: Session, to: set[str], document: Mapping[str, object]) -> list[str]:
    is_public = inbox.lane(document) is Lane.PUBLIC
    if not is_public or inbox.change(document) is Change.LESS:
        return sorted(to)
    where = {origins.origin(one) for one in to}
    found = select(Peer.origin).where(Peer.origin.in_(where), Peer.mode == Mode.BLOCKED)
    blocked = set(tx.scalars(found))
    return sorted(one for one in to if origins.origin(one) not in blocked)


def _passes_on(document: Mapping[str, object]) -> bool:
    # What is passed on unchanged has contexts of its own, whose terms the context of
    # a proof would protect against them. It is vouched for by its own proof.
    inner = document.get("object")
    return isinstance(inner, Mapping) and "@context" in inner


def _for_proof(document: Mapping[str, object]) -> Mapping[str, object]:
    named = document["@context"]
    first, *rest = named if isinstance(named, list) else [named]
    return {**document, "@context": [first, DATA_INTEGRITY, *rest]}


def wake(node: Node, tx: Session, to: set[str]) -> None:
    """Let somebody look at these origins: something waits for them."""
    new: list[dict[str, object]] = [
        {"origin": origin, "failures": "", "span": 0, "silent": ""}
        for origin in sorted(to)
    ]
    insert_once(tx, Courier, new, "origin")
    for courier in held(tx, to):
        # One that rests for something else is looked at anew; an open breaker holds.
        # One that is late stays as late as it is.
        soonest = max(node.now(), courier.open_until or node.now())
        courier.next_try_at = min(courier.next_try_at or soonest, soonest)


def held(tx: Session, to: Iterable[str]) -> list[Courier]:
    """Lock these couriers, in the order in which everybody does."""
    # Locked although it may be awake: whoever is about to put it to sleep does not
    # see what is written here. Couriers come before rows, everywhere.
    found = select(Courier).where(Courier.origin.in_(list(to)))
    ordered = found.order_by(Courier.origin).with_for_update()
    return list(tx.scalars(ordered, execution_options={"populate_existing": True}))


def inboxes(tx: Session, actor_ids: Iterable[str], lane: Lane) -> list[str]:
    """Return where to send for these actors: in public one inbox does for a node."""
    rows = tx.scalars(
        select(RemoteActor).where(
            RemoteActor.id.in_(list(actor_ids)), RemoteActor.gone_at.is_(None)
        )
    )
    if lane is Lane.PUBLIC:
        return sorted({row.shared_inbox or row.inbox for row in rows})
    return sorted({row.inbox for row in rows})


def followers(tx: Session, actor_id: str) -> list[str]:
    """Return the inboxes of everybody who follows an actor of ours."""
    found = tx.scalars(
        select(RemoteActor)
        .join(Follow, Follow.actor == RemoteActor.id)
        .where(
            Follow.object == actor_id,
            Follow.state == "accepted",
            RemoteActor.gone_at.is_(None),
        )
    )
    return sorted({row.shared_inbox or row.inbox for row in found})


def acquainted(tx: Session, actor: str) -> list[str]:
    """Return the inboxes of everybody who has heard of an actor of ours.

    Whoever follows us or whom we follow, and whoever this actor ever wrote to.
    """
    follows = (Follow.actor == RemoteActor.id) | (Follow.object == RemoteActor.id)
    known = tx.scalars(
        select(RemoteActor).join(Follow, follows).where(RemoteActor.gone_at.is_(None))
    )
    told = (
        select(Target.inbox)
        .join(Outgoing, Outgoing.seq == Target.seq)
        .where(Outgoing.actor == actor)
    )
    near = {row.shared_inbox or row.inbox for row in known}
    return sorted({*near, *tx.scalars(told.distinct())})


def forget(tx: Session, seqs: Iterable[int]) -> None:
    """Let go of the bytes of what was sent, and of what was still to be sent."""
    numbers = list(seqs)
    to = select(Target.origin).where(Target.seq.in_(numbers)).distinct()
    held(tx, tx.scalars(to).all())
    # What is under way just now is not tried again: it has no bytes any more.
    tx.execute(
        update(Target)
        .where(Target.seq.in_(numbers), Target.state.in_((State.WAITING, State.PARKED)))
        .values(state=State.DROPPED, answer="taken-back")
    )
    tx.execute(update(Outgoing).where(Outgoing.seq.in_(numbers)).values(raw=b""))
