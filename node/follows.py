"""Following: strangers our community, and our community others.

A follow opens nothing private. It counts, on both sides, only once it was accepted.
"""

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from federation import discovery, strict
from federation import follows as wire
from federation.activities import identifier, kinds
from federation.errors import ActivityMalformed, ActorMismatch, Rejected, Unfetched
from federation.fetch import Kind
from federation.inbox import Lane
from federation.origins import origin
from federation.policy import Mode
from governance.errors import ChoiceInvalid, NotYours
from node import actors, governance, outbox, peers
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import iri
from node.inbox.registry import Handling
from node.models.follows import Follow
from node.models.peers import RemoteActor
from node.outbox import Sending

_VERB = "agreement.negotiate"


def follow(node: Node, account: str, *, by: Visitor) -> None:
    """Ask another community whether ours may follow it. Safe to call twice."""
    require_steward(node, by)
    try:
        stranger = peers.learn_actor(node, _found(node, account.strip()))
    except (Rejected, Unfetched) as error:
        raise ChoiceInvalid("Nobody was found under this address.") from error
    with node.begin() as tx:
        if Mode.BLOCKED in peers.modes(tx, [origin(stranger.id)]):
            raise ChoiceInvalid("This server is blocked here.")
        own = f"{node.settings.origin}{actors.community(tx)}"
        row = tx.get(Follow, (own, stranger.id), with_for_update=True)
        if row is not None and row.state != "rejected":
            return
        if row is None:
            row = Follow(actor=own, object=stranger.id)
            tx.add(row)
        row.id, row.state = iri(node, "activities"), "pending"
        row.asked_at, row.decided_at = node.now(), None
        document = wire.follow(wire.Follow(row.id, own, stranger.id))
        send(node, tx, document, stranger.id)


def unfollow(node: Node, actor_id: str, *, by: Visitor) -> None:
    """Stop following another community."""
    require_steward(node, by)
    with node.begin() as tx:
        own = f"{node.settings.origin}{actors.community(tx)}"
        row = tx.get(Follow, (own, actor_id), with_for_update=True)
        if row is None:
            return
        asked = wire.Follow(row.id, own, actor_id)
        tx.delete(row)
        send(node, tx, wire.undo(asked, iri=iri(node, "activities")), actor_id)


def part(node: Node, tx: Session, where: str) -> None:
    """End every follow between our community and an origin, and say so there."""
    own = f"{node.settings.origin}{actors.community(tx)}"
    ours = and_(
        Follow.actor == own, Follow.object.startswith(f"{where}/", autoescape=True)
    )
    theirs = and_(
        Follow.object == own, Follow.actor.startswith(f"{where}/", autoescape=True)
    )
    for row in tx.scalars(select(Follow).where(or_(ours, theirs)).with_for_update()):
        ended = wire.Follow(row.id, row.actor, row.object)
        tx.delete(row)
        if row.actor == own:
            said = wire.undo(ended, iri=iri(node, "activities"))
            send(node, tx, said, row.object)
        else:
            said = wire.reject(ended, iri=iri(node, "activities"))
            send(node, tx, said, row.actor)


def require_steward(node: Node, by: Visitor) -> None:
    """Refuse whoever does not decide whom the community follows."""
    if not governance.reaches(node, _VERB, by=by):
        raise NotYours("Stewards decide whom this community follows.")


def _found(node: Node, account: str) -> str:
    """Return the id of an actor, by its address or as it stands."""
    if account.startswith(("https://", "http://")):
        return account
    asked = discovery.account(account)
    named = discovery.read_webfinger(_webfinger(node, asked), asked)
    actor = peers.document(node, named)
    own = discovery.account_of(actor)
    # Anybody can point at anybody: the actor's own domain has to say the same.
    answer = None if own.matches(asked) else _webfinger(node, own)
    if not discovery.confirmed(asked, actor=actor, answer=answer):
        raise ActorMismatch("The actor's own domain does not know this address.")
    return named


def _webfinger(node: Node, asked: discovery.Account) -> dict[str, object]:
    fetched = node.network.get(discovery.query(asked), kind=Kind.WEBFINGER)
    answer = strict.loads(fetched.body)
    if not isinstance(answer, dict):
        raise ActivityMalformed("This is no answer of a WebFinger.")
    return answer


# What other nodes say about following.


def undone(handling: Handling) -> None:
    """Somebody follows an actor of ours no longer."""
    named = wire.read_answer(handling.activity)
    row = handling.tx.scalar(select(Follow).where(Follow.id == named))
    inner = handling.activity.object
    if row is None and inner is not None and "Follow" in kinds(inner):
        # Some servers make a new id for the follow they undo.
        whom = identifier(inner.get("object"))
        row = handling.tx.get(Follow, (handling.activity.actor, whom or ""))
    if row is None or row.actor != handling.activity.actor:
        return
    # What a steward refused stays refused when it is asked for anew.
    if row.state != "rejected":
        handling.tx.delete(row)


def left(handling: Handling) -> None:
    """Forget an actor that is gone for good, and every follow of or by it."""
    tx, actor = handling.tx, handling.activity.actor
    gone = (Follow.actor == actor) | (Follow.object == actor)
    tx.execute(delete(Follow).where(gone))
    known = tx.get(RemoteActor, actor)
    if known is not None:
        known.gone_at = handling.node.now()


def answered(handling: Handling) -> bool:
    """Whom we asked to follow said yes or no; False if this is about something else."""
    named = wire.read_answer(handling.activity)
    row = handling.tx.scalar(select(Follow).where(Follow.id == named))
    if row is None or row.object != handling.activity.actor:
        return False
    accepted = handling.activity.type == "Accept"
    row.state = "accepted" if accepted else "rejected"
    row.decided_at = handling.node.now()
    return True


def send(node: Node, tx: Session, document: dict[str, object], to: str) -> None:
    """Put what our community says about a follow on its way."""
    sending = Sending(
        document=document, actor=actors.community(tx), context=f"follow/{to}"
    )
    outbox.put(node, tx, sending, outbox.inboxes(tx, [to], Lane.PUBLIC))
