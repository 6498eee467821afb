"""What a link alone does not do: files, sharing and erasing need a fresh code, too.

A code goes where its member proved to read what comes; without such an address there
is nothing to ask for, and the link does all it can.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete

from governance.errors import Refusal
from node import people
from node.accounts import FRESH, tokens
from node.accounts.visitor import Visitor
from node.cases import links
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.models.cases import LinkProof
from node.models.people import ContactCode


class CodeNeeded(Refusal):
    """A link alone does not do this: a fresh code from the member's mail does."""

    code = "case.code-needed"


class Asked(StrEnum):
    """What somebody has to show before they share or erase."""

    NOTHING = ""
    #: The four words of the case: where there is nowhere to send a code.
    WORDS = "words"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Proof:
    """That whoever holds a link has just read what goes to its member."""

    reference: str
    #: What opens the case instead of the link while it lasts: the link, and a secret.
    token: str = field(repr=False)
    until: datetime


def asked(node: Node, reference: str, *, by: Visitor) -> Asked:
    """Say what a link's holder has to show before they do more than read and answer.

    Signed in, somebody shows otherwise who they are.
    """
    if by.case_id is None or by.fresh:
        return Asked.NOTHING
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        return Asked.CODE if _asks(hand) else Asked.WORDS


def _asks(hand: Hand) -> bool:
    if hand.by.case_id is None or hand.by.fresh or hand.node.mail is None:
        return False
    point = people.mail_of(hand.tx, hand.case.member_id)
    return point is not None and point.verified_at is not None


def require(hand: Hand) -> None:
    """Refuse a link by itself."""
    if _asks(hand):
        raise CodeNeeded(
            "A link alone does not do this. Have a code sent to your address, and "
            "type it."
        )


def keep(hand: Hand, link_id: bytes) -> Proof:
    """Let a link do all its member can, for a while and in one place."""
    node, secret = hand.node, tokens.mint(hand.node)
    until = node.now() + FRESH
    hand.tx.add(
        LinkProof(
            id_hash=tokens.digest(secret),
            link_id=link_id,
            case_id=hand.case.id,
            expires_at=until,
        )
    )
    return Proof(hand.case.reference, links.with_secret(node, link_id, secret), until)


def forget(node: Node) -> None:
    """Drop codes and proofs that are over. Safe to call at any time."""
    with node.begin() as tx:
        for ended in (ContactCode, LinkProof):
            tx.execute(delete(ended).where(ended.expires_at <= node.now()))
