"""What a member agreed to, as rows and as entries of their chain."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from governance.cases import Act
from governance.consent import Purpose
from node.cases.hand import Hand
from node.cases.moving import attested, role_of
from node.ids import new_id
from node.intake.shapes import WORDING, Audience
from node.log import Chain, Saying
from node.models.consent import Consent


def agree(hand: Hand, chain: Chain, purpose: Purpose, recipient: str) -> UUID:
    """Write down one thing a member agrees to; return its id."""
    consent_id = new_id(hand.node)
    hand.tx.add(
        Consent(
            id=consent_id,
            case_id=hand.case.id,
            purpose=purpose,
            recipient=recipient or None,
            wording=WORDING,
            given_at=hand.node.now(),
        )
    )
    _say(hand, chain, "consent.give", purpose, recipient)
    _apply(hand, purpose, recipient)
    return consent_id


def held(hand: Hand) -> list[Consent]:
    """Return everything the member agreed to and did not take back."""
    rows = hand.tx.scalars(
        select(Consent).where(
            Consent.case_id == hand.case.id, Consent.withdrawn_at.is_(None)
        )
    )
    return list(rows)


def end(hand: Hand, chain: Chain, rows: Iterable[Consent]) -> None:
    """Write down that the member takes these back."""
    for row in rows:
        row.withdrawn_at = hand.node.now()
        _say(hand, chain, "consent.revoke", row.purpose, row.recipient or "")


def _say(hand: Hand, chain: Chain, kind: str, purpose: Purpose, recipient: str) -> None:
    chain.say(
        Saying(
            kind=kind,
            role=role_of(hand, hand.part(Act.WITHDRAW)),
            channel=attested(hand.by),
            facts={"wording": WORDING},
            fields={"purpose": purpose.value, "recipients": recipient},
        )
    )


def _apply(hand: Hand, purpose: Purpose, recipient: str) -> None:
    if purpose is Purpose.HANDLE_CASE:
        hand.case.open_to_advocates = recipient == Audience.ADVOCATES
