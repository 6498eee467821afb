"""Writing down what of a case leaves the community, beside the act that lets it out."""

from dataclasses import dataclass
from uuid import UUID

from governance.access import Sent
from ledger.entry import Role
from node.cases.hand import Hand
from node.ids import new_id
from node.log import Chain, Saying
from node.models.access import Disclosure


@dataclass(frozen=True, slots=True)
class Left:
    """What leaves, to whom, and by which consent."""

    what: Sent
    recipient: str
    #: None for what a party is shown, whom the member named.
    consent_id: UUID | None = None


def write(hand: Hand, chain: Chain, left: Left) -> None:
    """Write one disclosure down, as a row and as an entry of the case's chain."""
    at = hand.node.now()
    hand.tx.add(
        Disclosure(
            id=new_id(hand.node),
            case_id=hand.case.id,
            what=left.what,
            recipient=left.recipient,
            consent_id=left.consent_id,
            at=at,
        )
    )
    said = {"what": left.what.value, "when": at.isoformat(), "reader": left.recipient}
    chain.say(Saying(kind="disclosure", role=Role.NODE, fields=said))
