"""What a member agreed to, as rows and as entries of their chain."""

from uuid import UUID

from governance.consent import Purpose
from node.cases import consents
from node.cases.hand import Hand
from node.ids import new_id
from node.intake.shapes import WORDING, Audience
from node.log import Chain
from node.models.consent import Consent


def agree(hand: Hand, chain: Chain, purpose: Purpose, recipient: str) -> UUID:
    """Write down one thing a member agrees to; return its id."""
    row = Consent(
        id=new_id(hand.node),
        case_id=hand.case.id,
        purpose=purpose,
        recipient=recipient or None,
        wording=WORDING,
        given_at=hand.node.now(),
    )
    hand.tx.add(row)
    consents.say(hand, chain, "consent.give", row)
    _apply(hand, purpose, recipient)
    return row.id


def _apply(hand: Hand, purpose: Purpose, recipient: str) -> None:
    if purpose is Purpose.HANDLE_CASE:
        hand.case.open_to_advocates = recipient == Audience.ADVOCATES
