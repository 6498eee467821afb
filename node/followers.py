"""Who follows our community: let in by the rule it has, or by a steward's word.

A steward's no stands until a steward takes it back, however often somebody asks.
"""

from sqlalchemy.orm import Session

from federation import follows as wire
from federation.policy import Access, Facts, Kind, Reason, Thing, Verb, may
from node import actors, follows, peers
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import iri
from node.inbox.registry import Handling
from node.models.follows import Follow
from node.models.start import Community

_ANSWERS = {"accepted": wire.accept, "rejected": wire.reject}


def asked(handling: Handling) -> None:
    """Somebody wants to follow an actor of ours: answered by rule, or by a steward."""
    node, tx = handling.node, handling.tx
    wanted = wire.read_follow(handling.activity)
    own = f"{node.settings.origin}{actors.community(tx)}"
    if wanted.followed != own:
        return
    row = tx.get(Follow, (wanted.follower, own), with_for_update=True)
    state = row.state if row else "pending"
    if state == "pending":
        state = _by_rule(handling, wanted)
    if state == "blocked":
        return
    if row is None and state != "rejected":
        # A rule's no is not remembered: it holds as long as the rule does.
        row = Follow(actor=wanted.follower, object=own, asked_at=node.now())
        tx.add(row)
    if row is not None:
        row.id = wanted.id
        _decided(node, row, state)
    _answer(node, tx, wanted, state)


def _by_rule(handling: Handling, wanted: wire.Follow) -> str:
    tx = handling.tx
    facts = Facts(
        modes=peers.modes(tx, [handling.row.origin]),
        followers=Access(tx.get_one(Community, 1).followers),
    )
    thing = Thing(wanted.followed, wanted.followed, Kind.GROUP)
    decision = may(wanted.follower, Verb.FOLLOW, thing, facts)
    if decision.allowed:
        return "accepted"
    if decision.reason is Reason.BLOCKED:
        return "blocked"
    return "pending" if decision.waits else "rejected"


def decide(node: Node, follower: str, *, accept: bool, by: Visitor) -> None:
    """Let somebody follow our community, or no longer. Safe to call twice."""
    follows.require_steward(node, by)
    state = "accepted" if accept else "rejected"
    with node.begin() as tx:
        own = f"{node.settings.origin}{actors.community(tx)}"
        row = tx.get(Follow, (follower, own), with_for_update=True)
        if row is None or row.state == state:
            return
        _decided(node, row, state)
        _answer(node, tx, wire.Follow(row.id, follower, own), state)


def _decided(node: Node, row: Follow, state: str) -> None:
    row.state = state
    row.decided_at = None if state == "pending" else node.now()


def _answer(node: Node, tx: Session, wanted: wire.Follow, state: str) -> None:
    answer = _ANSWERS.get(state)
    if answer is not None:
        said = answer(wanted, iri=iri(node, "activities"))
        follows.send(node, tx, said, wanted.follower)
