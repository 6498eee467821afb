"""What a member agreed to for a case and did not take back, and how that ends."""

from collections.abc import Iterable

from sqlalchemy import select

from governance.cases import Act
from governance.consent import Purpose
from node.cases.hand import Hand, attested, role_of
from node.log import Chain, Saying
from node.models.consent import Consent


def held(hand: Hand, purpose: Purpose) -> list[Consent]:
    """Return what the member agreed to for a purpose and did not take back."""
    rows = hand.tx.scalars(
        select(Consent).where(
            Consent.case_id == hand.case.id,
            Consent.purpose == purpose,
            Consent.withdrawn_at.is_(None),
        )
    )
    return list(rows)


def end(hand: Hand, chain: Chain, rows: Iterable[Consent]) -> None:
    """Write down that the member takes these back."""
    for row in rows:
        row.withdrawn_at = hand.node.now()
        say(hand, chain, "consent.revoke", row)


def say(hand: Hand, chain: Chain, kind: str, row: Consent) -> None:
    """Seal that something was agreed to or taken back, in the words it was given in."""
    chain.say(
        Saying(
            kind=kind,
            role=role_of(hand, hand.part(Act.WITHDRAW)),
            channel=attested(hand.by),
            facts={"wording": row.wording},
            fields={"purpose": row.purpose.value, "recipients": row.recipient or ""},
        )
    )
