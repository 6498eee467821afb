"""What a steward decides about the log itself: who it was and why stands in it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.errors import NotYours, WordsMissing
from governance.submissions import check_words
from ledger.author import Channel as Attested
from ledger.entry import Role
from node import governance, log, reviews
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import new_id
from node.log import Saying
from node.notices import About


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that was decided, from what to what."""

    action: str
    before: str
    after: str
    reason: str
    #: The mail that tells every steward.
    mail: str


def require(node: Node, reason: str, *, by: Visitor) -> None:
    """Refuse whoever is no steward, and a decision without a reason."""
    if not governance.reaches(node, reviews.TREAT, by=by):
        raise NotYours("Stewards decide how the ledger goes on.")
    if not reason.strip():
        raise WordsMissing("Say why. It stands in the ledger beside the decision.")
    check_words(reason)


def write(node: Node, tx: Session, decided: Decision, *, by: Visitor) -> log.Ticket:
    """Seal what was decided, and tell every steward."""
    chain = log.open_chain(node, tx, new_id(node))
    chain.say(
        Saying(
            kind="status",
            role=Role.STEWARD,
            channel=Attested(by.channel),
            fields={
                "action": decided.action,
                "from": decided.before,
                "to": decided.after,
                "reason": decided.reason.strip(),
            },
            facts={"method": by.kind, "person": str(by.person_id)},
        )
    )
    ticket = chain.write()
    link = f"{node.settings.origin}/ledger"
    about = About(decided.mail, {"link": link}, oid=ticket.oid)
    reviews.tell_stewards(node, tx, about)
    return ticket
