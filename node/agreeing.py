"""What a member agreed to, as rows and as entries of their chain."""

from datetime import datetime
from uuid import UUID

from governance.consent import Purpose, Standing
from governance.intake import Channel
from node import consent_rows
from node.cases import consents
from node.cases.hand import Hand
from node.consent_rows import Asked, What
from node.intake.shapes import Audience
from node.log import Chain


def agree(
    hand: Hand,
    chain: Chain,
    purpose: Purpose,
    recipient: str,
    valid_until: datetime | None = None,
) -> UUID:
    """Write down one thing a member agrees to; return its id."""
    case, by = hand.case, hand.by
    asked = Asked(
        case_id=case.id,
        purpose=purpose,
        recipient=recipient,
        language=by.language or case.language,
        channel=Channel(by.channel),
        captured_by=None if hand.own else by.person_id,
    )
    what = What(
        state=Standing.GIVEN,
        at=hand.node.now(),
        by=by.person_id,
        valid_until=valid_until,
        entry_seq=chain.next_seq,
    )
    row = consent_rows.begin(hand.node, hand.tx, asked, what)
    consents.say(hand, chain, "consent.give", row)
    _apply(hand, purpose, recipient)
    return row.id


def _apply(hand: Hand, purpose: Purpose, recipient: str) -> None:
    if purpose is Purpose.HANDLE_CASE:
        hand.case.open_to_advocates = recipient == Audience.ADVOCATES
