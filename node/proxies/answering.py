"""What somebody says to a case that another told for them: right, or not wanted."""

from dataclasses import dataclass
from datetime import datetime

from governance.cases import LIVE, Act, Outcome, Part
from governance.errors import NotFound, NotYours
from node import log, people, pledges
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, attested, pick_up, role_of
from node.cases.moving import Step, move
from node.core import Node
from node.log import Chain, Saying
from node.models.proxies import Proxy


@dataclass(frozen=True, slots=True)
class Stands:
    """Who told a case for its member, and what they said to that."""

    by_name: str
    beside: bool
    at: datetime
    confirmed_at: datetime | None
    objected_at: datetime | None


def stands(node: Node, reference: str, *, by: Visitor) -> Stands | None:
    """Return who told a case for its member; None where its member did."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        row = tx.get(Proxy, hand.case.id)
        if row is None:
            return None
        name = people.names(node, tx, {row.by_id})[row.by_id]
        return Stands(
            name,
            row.beside_id is not None,
            row.at,
            row.confirmed_at,
            row.objected_at,
        )


def confirm(node: Node, reference: str, *, by: Visitor) -> None:
    """Say that what another told for oneself is right. Safe twice."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        row = _mine(hand)
        if row.confirmed_at is None and row.objected_at is None:
            row.confirmed_at = node.now()
            chain = log.chain(node, tx, hand.case.id)
            _say(hand, chain, "confirmed")
            chain.write()


def object_to(node: Node, reference: str, *, by: Visitor) -> None:
    """Say that one never wanted it: the case is taken back. Safe twice."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        row = _mine(hand)
        if row.objected_at is not None:
            return
        row.objected_at, row.confirmed_at = node.now(), None
        chain = log.chain(node, tx, hand.case.id)
        _say(hand, chain, "objected")
        if hand.case.state in LIVE:
            move(hand, chain, Step(act=Act.WITHDRAW, outcome=Outcome.WITHDRAWN))
            pledges.void(tx, hand.case, at=node.now())
        chain.write()


def _mine(hand: Hand) -> Proxy:
    if not hand.own:
        raise NotYours("Only the person it was told for answers that.")
    row = hand.tx.get(Proxy, hand.case.id)
    if row is None:
        raise NotFound("Nobody told this case for somebody else.")
    return row


def _say(hand: Hand, chain: Chain, action: str) -> None:
    chain.say(
        Saying(
            kind="status",
            role=role_of(hand, Part.MEMBER),
            channel=attested(hand.by),
            facts={"method": hand.by.kind},
            fields={"action": action},
        )
    )
