"""Who hears that something was said about a case, or answered: never what."""

from node import notices, people
from node.cases.hand import Hand, as_person
from node.feedback.reaching import part
from node.ladder import telling
from node.log import Ticket
from node.models.feedback import Feedback
from node.notices import About


def given(hand: Hand, row: Feedback, ticket: Ticket) -> None:
    """Tell whom it is about, or who shares out the case where nobody had it."""
    whom = telling.leads(hand) if row.about_id is None else [row.about_id]
    link = f"{hand.node.settings.origin}/desk/cases/{hand.case.reference}/feedback"
    values = {"reference": hand.case.reference, "link": link}
    about = About("feedback.given", values, hand.case.id, ticket.oid)
    for person in whom:
        point = people.mail_of(hand.tx, person)
        if point is not None and any(part(as_person(hand, person), row).values()):
            notices.queue(hand.node, hand.tx, point, about)


def answered(hand: Hand, ticket: Ticket) -> None:
    """Tell the member that there is an answer."""
    telling.member(hand, "feedback.answered", ticket)
