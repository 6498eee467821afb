"""Proving an address: a fresh code goes there, and whoever types it reads what does.

With a link, it is asked for again before more than reading and answering: `proofs`.
Nothing else makes anybody surer who somebody is; a likeness, a name or a word never do.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from governance.errors import ChoiceInvalid, NotYours
from governance.intake import Identity
from governance.people import SILENT, ContactKind, mask
from node import notices, people, proofs, throttle
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.models.people import ContactCode, ContactPoint, Person
from node.notices import About
from node.proofs import Proof

LASTS: Final = timedelta(minutes=15)
TRIES: Final = 5
_CODES = 1_000_000


@dataclass(frozen=True, slots=True)
class Reached:
    """The address that a code goes to."""

    #: Enough to recognise the own address.
    masked: str
    #: Whether a code is on its way.
    asked: bool
    #: Whether it was proven before: then the code shows who holds the link.
    proven: bool


def reached(node: Node, reference: str, *, by: Visitor) -> Reached | None:
    """Return where one can have a code sent; None where there is nothing to prove."""
    with node.read() as tx:
        hand = _mine(pick_up(node, tx, reference, by, lock=False))
        point = _point(hand)
        if point is None:
            return None
        code = tx.get(ContactCode, point.id)
        waits = code is not None and node.now() < code.expires_at
        masked = mask(people.contact_of(node, tx, point))
        return Reached(masked, waits, point.verified_at is not None)


def ask(node: Node, reference: str, *, by: Visitor, source: str) -> None:
    """Have a code sent there; the one before counts no more."""
    with node.begin() as tx:
        hand = _mine(pick_up(node, tx, reference, by))
        point = _wanted(hand)
        throttle.count(node, tx, "message.contact", point.digest.hex(), source)
        code = f"{int.from_bytes(node.dice(16)) % _CODES:06}"
        tx.execute(delete(ContactCode).where(ContactCode.contact_id == point.id))
        tx.add(
            ContactCode(
                contact_id=point.id,
                code_mac=_mac(hand, point.id, code),
                expires_at=node.now() + LASTS,
                tries_left=TRIES,
            )
        )
        tx.flush()
        values = {"code": code, "reference": hand.case.reference}
        notices.queue(node, tx, point, About("contact.code", values))


def prove(
    node: Node, reference: str, code: str, *, by: Visitor, source: str
) -> Proof | None:
    """Prove an address by the code that went there; it may be tried five times.

    Returns what a link becomes by it for a while; None for who has signed in.
    """
    throttle.spend(node, "sign-in.code", source)
    proof = None
    with node.begin() as tx:
        hand = _mine(pick_up(node, tx, reference, by))
        point = _wanted(hand)
        right = _guess(hand, point, code)
        if right:
            point.verified_at = node.now()
            tx.get_one(Person, point.person_id).identity = Identity.VERIFIED
            proof = proofs.keep(hand, by.link_id) if by.link_id else None
    if not right:
        raise ChoiceInvalid(
            "This code is wrong, used up, or older than 15 minutes.", field="code"
        )
    return proof


def _mine(hand: Hand) -> Hand:
    if not hand.own:
        raise NotYours("Only its member proves how to reach them.")
    return hand


def _point(hand: Hand) -> ContactPoint | None:
    if hand.by.case_id is not None:
        return people.mail_of(hand.tx, hand.case.member_id)
    return hand.tx.scalar(
        select(ContactPoint)
        .where(
            ContactPoint.person_id == hand.case.member_id,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.state.not_in(SILENT),
            ContactPoint.verified_at.is_(None),
        )
        .order_by(ContactPoint.created_at, ContactPoint.id)
        .limit(1)
    )


def _wanted(hand: Hand) -> ContactPoint:
    point = _point(hand)
    if point is None or hand.node.mail is None:
        raise ChoiceInvalid("There is no address here to prove.", field="code")
    return point


def _guess(hand: Hand, point: ContactPoint, code: str) -> bool:
    row = hand.tx.get(ContactCode, point.id)
    if row is None or row.tries_left == 0 or row.expires_at <= hand.node.now():
        return False
    typed = "".join(code.split()).replace("-", "")
    right = hmac.compare_digest(_mac(hand, point.id, typed), row.code_mac)
    row.tries_left -= 1
    if right:
        hand.tx.delete(row)
    return right


def _mac(hand: Hand, contact_id: UUID, code: str) -> bytes:
    # A code counts in the case that its message names, and in no other.
    named = b"contact\0" + contact_id.bytes + hand.case.id.bytes
    return hand.node.keys.mac("link", named + code.encode())
