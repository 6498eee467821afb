"""Who hears that something was said about a case, or answered: never what."""

from collections.abc import Iterable
from uuid import UUID

from node import notices, people
from node.cases.hand import Hand, as_person
from node.feedback.reaching import part
from node.ladder import telling
from node.log import Ticket
from node.models.feedback import Feedback, PeerFinding
from node.notices import About


def given(hand: Hand, row: Feedback, ticket: Ticket) -> None:
    """Tell whom it is about, or who shares out the case where nobody had it."""
    whom = telling.leads(hand) if row.about_id is None else [row.about_id]
    _readers(hand, row, whom, "feedback.given", ticket)


def answered(hand: Hand, ticket: Ticket) -> None:
    """Tell the member that there is an answer."""
    telling.member(hand, "feedback.answered", ticket)


def asked(hand: Hand, row: PeerFinding) -> None:
    """Tell somebody that they are asked to look at a copy; of which case, not."""
    _reviewer(hand, row, "feedback.review")


def reminded(hand: Hand, row: PeerFinding) -> None:
    """Tell somebody that a copy waits for them, the one time."""
    _reviewer(hand, row, "feedback.waits")


def _reviewer(hand: Hand, row: PeerFinding, kind: str) -> None:
    point = people.mail_of(hand.tx, row.reviewer_id)
    if point is not None:
        values = {"link": f"{hand.node.settings.origin}/desk/copies"}
        about = About(kind, values, hand.case.id)
        notices.queue(hand.node, hand.tx, point, about)


def reviewed(hand: Hand, row: Feedback, ticket: Ticket | None) -> None:
    """Tell whom it is about, and who shares out the case, that others looked at it."""
    whom = telling.leads(hand)
    if row.about_id is not None:
        whom = [row.about_id, *(one for one in whom if one != row.about_id)]
    _readers(hand, row, whom, "feedback.reviewed", ticket)


def _readers(
    hand: Hand,
    row: Feedback,
    whom: Iterable[UUID],
    kind: str,
    ticket: Ticket | None,
) -> None:
    link = f"{hand.node.settings.origin}/desk/cases/{hand.case.reference}/feedback"
    values = {"reference": hand.case.reference, "link": link}
    about = About(kind, values, hand.case.id, ticket.oid if ticket else None)
    for person in whom:
        point = people.mail_of(hand.tx, person)
        if point is not None and any(part(as_person(hand, person), row).values()):
            notices.queue(hand.node, hand.tx, point, about)
