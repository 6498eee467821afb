"""One message: sealed in its case's chain, and kept beside it."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from governance.intake import Channel
from governance.threads import Direction, MessageKind
from ledger.author import Channel as Attested
from ledger.entry import Role
from node import vault
from node.cases.hand import Hand
from node.core import Node
from node.log import Authored, Chain, Saying
from node.models.threads import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Whose words they are, which way they go, and as what they are sealed."""

    direction: Direction
    kind: MessageKind
    author: UUID | None
    channel: Channel
    #: As what whoever writes them down does so.
    role: Role
    attested: Attested
    facts: Mapping[str, str] = field(default_factory=dict)
    #: Whether a person wrote them: what a machine answers is nobody's word.
    human: bool = True
    #: The address they came from, where nothing proves that it is the member's.
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The words themselves, and what they began with."""

    id: UUID
    text: str
    #: What is disclosed beside them.
    more: Mapping[str, str] = field(default_factory=dict)
    authored: Authored | None = None
    began: UUID | None = None


def keep(hand: Hand, chain: Chain, body: Body, voice: Voice) -> int:
    """Seal and keep one message; return the number of its entry."""
    node, case = hand.node, hand.case
    seq = chain.say(
        Saying(
            kind="reply",
            role=voice.role,
            channel=voice.attested,
            facts={"message": str(body.id), "method": hand.by.kind, **voice.facts},
            fields={"text": body.text, **body.more},
            re=chain.last,
            authored=body.authored,
        )
    )

    def sealed(column: str, text: str) -> bytes:
        place = vault.Place("message", column, body.id)
        return vault.seal(node, chain.content_key, place, text)

    hand.tx.add(
        Message(
            id=body.id,
            case_id=case.id,
            person_id=case.member_id,
            author_id=voice.author,
            direction=voice.direction,
            kind=voice.kind,
            human=voice.human,
            channel=voice.channel,
            body=sealed("body", body.text),
            digest=digest(node, body.text),
            sent_at=node.now(),
            entry_seq=seq,
            text_id=body.began,
            sender=sealed("sender", voice.sender) if voice.sender else None,
        )
    )
    hand.tx.flush()
    if voice.human:
        case.member_wrote_last = voice.direction is Direction.IN
    return seq


def digest(node: Node, text: str) -> bytes:
    """Return what the same sending is known by."""
    return node.keys.mac("dedupe", text.encode())


def same(node: Node, text: str, known: bytes) -> bool:
    """Say whether a text is what was sent before."""
    return hmac.compare_digest(known, digest(node, text))
