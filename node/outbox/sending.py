"""Sending what waits for one origin: leased, posted outside a transaction, recorded."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from sqlalchemy import or_, select

from federation import delivery
from federation.delivery import Do, Known, Outcome
from federation.errors import Rejected, Unfetched
from federation.fetch import Answer
from federation.inbox import Lane
from federation.signatures import (
    Profile,
    Request,
    Signer,
    cavage,
    knock,
    rfc9421,
)
from federation.signatures.knock import Knock, Memory
from governance.errors import NotFound
from node import actors, peers
from node.core import Collision, Node, Unready, outside
from node.ids import new_id
from node.logging import frames
from node.logging import log as logger
from node.models.peers import RemoteActor
from node.outbox import couriers, settling
from node.outbox.couriers import Parcel
from node.outbox.settling import Sent

_TYPE = ("Content-Type", "application/activity+json")
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
#: After that nothing more is begun under one lease: what is under way can take long.
_ENOUGH = couriers.LEASE / 3


def send(node: Node, origin: str, *, over: Callable[[], bool] = bool) -> int:
    """Send what is due to one origin; return how much of it arrived.

    Safe to call at any time and from anywhere: who finds it leased does nothing. Once
    it is `over` nothing more is begun, and the rest is left as if never looked at.
    """
    owner, done = str(new_id(node)), 0
    while not over() and (parcels := couriers.lease(node, origin, owner)):
        sent, learned = _deliver_all(node, origin, parcels, over)
        settling.record(node, origin, owner, sent, learned)
        done += sum(one.outcome.do is Do.DONE for one in sent)
    return done


def _deliver_all(
    node: Node, origin: str, parcels: list[Parcel], over: Callable[[], bool]
) -> tuple[list[Sent], Memory | None]:
    """Send one after the other, for as long as the lease is sure and all goes well."""
    begun, sent = node.now(), list[Sent]()
    learned: Memory | None = None
    for parcel in parcels:
        late = node.now() - begun >= _ENOUGH
        if sent and (late or over() or not sent[-1].goes_on):
            break
        try:
            one, learned = _deliver(node, origin, parcel, learned)
        except (Collision, Unready):
            raise
        except Exception as error:  # noqa: BLE001 - one row must not stop all others
            one = _failed_here(node, parcel, error)
        sent.append(one)
    return sent, learned


def _failed_here(node: Node, parcel: Parcel, error: Exception) -> Sent:
    logger().error(
        "delivery.failed",
        n=parcel.seq,
        attempt=parcel.attempts,
        problem=type(error).__name__,
        frames=frames(error.__traceback__),
    )
    until = node.now() + delivery.backoff(parcel.attempts - 1, node.dice)
    return Sent(parcel, Outcome(Do.RETRY, until), "failed-here", ours=True)


def _deliver(
    node: Node, origin: str, parcel: Parcel, learned: Memory | None
) -> tuple[Sent, Memory]:
    outside()
    if learned is None:
        with node.read() as tx:
            learned = peers.memory(tx, origin, at=node.now())
    known = Known(
        node.now(),
        parcel.attempts - 1,
        failing_since=parcel.failing_since,
        others_arrive=parcel.others_arrive,
    )
    answer, knocked, learned = _post(node, parcel, learned)
    known = replace(known, at=node.now())
    outcome = delivery.outcome(answer, parcel.lane, known, node.dice)
    moved_to, said = "", _word(answer)
    if answer is not None and outcome.do is Do.REFETCH_ACTOR:
        found = _inbox_now(node, parcel)
        moved_to = found if found != parcel.inbox else ""
        if not found:
            # Who cannot be asked agrees to nothing: that is a failure like any other.
            answer = None
        elif not moved_to and answer.status < HTTPStatus.BAD_REQUEST:
            # It belongs there after all, or nobody knows better: once more.
            answer, knocked, learned = _post(node, parcel, learned)
            said = _word(answer)
        known = replace(known, at=node.now(), refetched=True)
        outcome = delivery.outcome(answer, parcel.lane, known, node.dice)
    if moved_to:
        outcome = Outcome(Do.RETRY)
    return Sent(parcel, outcome, said, knocked.profile, moved_to), learned


def _word(answer: Answer | None) -> str:
    return str(answer.status) if answer else "no-answer"


def _post(
    node: Node, parcel: Parcel, memory: Memory
) -> tuple[Answer | None, Knock, Memory]:
    signer = _signer(node, parcel.actor)
    request = Request("POST", parcel.inbox, (_TYPE,), parcel.raw)
    knocked = knock.first(memory, strict=parcel.lane is not Lane.PUBLIC)
    while True:
        fields = {**dict([_TYPE]), **_signed(node, request, knocked, signer)}
        try:
            answer = node.network.post(parcel.inbox, parcel.raw, fields)
        except Unfetched:
            return None, knocked, memory
        said = (answer.status, answer.fields)
        again = knock.next(memory, knocked, said, request, signer)
        if again is None:
            break
        knocked = again
    learned = knock.learned(memory, knocked, answer.status, at=node.now())
    return answer, knocked, learned


def _signer(node: Node, actor: str) -> Signer:
    try:
        return actors.signer(node, actor)
    except NotFound:
        # An advocate speaks before all their keys are made; the job is not done yet.
        actors.make(node)
        return actors.signer(node, actor)


def _signed(
    node: Node, request: Request, knocked: Knock, signer: Signer
) -> Mapping[str, str]:
    if knocked.profile is Profile.CAVAGE:
        return cavage.sign(request, signer, at=node.now())
    return rfc9421.sign(request, signer, at=node.now(), asked=knocked.asked)


def _inbox_now(node: Node, parcel: Parcel) -> str:
    """Ask the actor where its inbox is; the old one if it is gone, "" if unknown."""
    inbox = parcel.inbox
    with node.read() as tx:
        owner = tx.scalar(
            select(RemoteActor.id)
            .where(or_(RemoteActor.inbox == inbox, RemoteActor.shared_inbox == inbox))
            .limit(1)
        )
    if owner is None:
        return inbox
    try:
        actor = peers.learn_actor(node, owner)
    except Unfetched as failure:
        return inbox if failure.status in _GONE else ""
    except Rejected:
        return ""
    if inbox in {actor.inbox, actor.shared_inbox}:
        return inbox
    shared = actor.shared_inbox if parcel.lane is Lane.PUBLIC else None
    return shared or actor.inbox
