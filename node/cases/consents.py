"""What a member agreed to for a case and did not take back, and how that ends."""

from collections.abc import Iterable

from sqlalchemy import select

from governance import consent as rules
from governance.cases import Act
from governance.consent import Data, Purpose, Standing
from node import consent_rows
from node.cases.hand import Hand, attested, role_of
from node.log import Chain, Saying
from node.models.consent import Consent


def held(hand: Hand, purpose: Purpose) -> list[Consent]:
    """Return what the member agreed to for a purpose and did not take back."""
    return consent_rows.held(hand.tx, hand.case.id, [purpose])


def require(hand: Hand, purpose: Purpose, recipient: str, data: Data) -> Consent:
    """Return the consent that covers this now, or refuse.

    Asked when something is written down to be sent, and again when it is sent.
    """
    query = select(Consent).where(
        Consent.case_id == hand.case.id, Consent.purpose == purpose
    )
    return rules.require_consent(
        hand.tx.scalars(query),
        purpose,
        recipient=recipient or None,
        at=hand.node.now(),
        data={data},
    )


def end(hand: Hand, chain: Chain, rows: Iterable[Consent]) -> None:
    """Write down that the member takes these back."""
    for row in rows:
        seq = say(hand, chain, "consent.revoke", row)
        what = consent_rows.What(
            state=Standing.WITHDRAWN,
            at=hand.node.now(),
            by=hand.by.person_id,
            entry_seq=seq,
        )
        consent_rows.mark(hand.tx, row, what)


def say(hand: Hand, chain: Chain, kind: str, row: Consent) -> int:
    """Seal that something was agreed to or taken back, in the words it was given in."""
    return chain.say(
        Saying(
            kind=kind,
            role=role_of(hand, hand.part(Act.WITHDRAW)),
            channel=attested(hand.by),
            facts={"wording": row.wording},
            fields={"purpose": row.purpose.value, "recipients": row.recipient or ""},
        )
    )
