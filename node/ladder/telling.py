"""Whom the steps of the ladder are told, by mail, and in which words."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from governance.cases import Act
from governance.cases import verb as verb_of
from governance.consent import Purpose
from governance.joins import Mark
from governance.pledges import Rung
from governance.rules import Effect
from node import language, notices, people, reviews
from node.cases import DANGER, links
from node.cases.hand import Hand, agreed, as_person
from node.log import Ticket
from node.models.accounts import GrantRow
from node.models.pledges import Pledge
from node.models.start import Community


#: Marks a text for the catalogues; it is translated for whoever reads it.
def _(text: str) -> str:
    return text


_REASON = _(
    "Nobody answered in the time that was promised. It keeps its place in the queue."
)
_NOTE = _(
    "Given back by the rules: a promise was due on %(due)s and was not kept. What was"
    " said and asked so far stands in the case."
)


def told(hand: Hand, rung: Rung, ticket: Ticket, *, due: datetime | None) -> None:
    """Tell everybody a step is for; each is told only that there is something."""
    if rung is Rung.NUDGE:
        _desk(hand, [hand.case.responsible_id], "ladder.nudge", ticket, due)
    elif rung is Rung.RELEASE:
        _desk(hand, leads(hand), "ladder.lead", ticket, due)
        member(hand, "ladder.sorry", ticket, due=_written(hand, due))
    elif rung is Rung.RAISE:
        _desk(hand, leads(hand), "ladder.raised", ticket, due)
        values = {"reference": hand.case.reference}
        about = notices.About("ladder.stewards", values, hand.case.id, ticket.oid)
        reviews.tell_stewards(hand.node, hand.tx, about)
    else:
        member(hand, "ladder.offer", ticket)


def chosen(hand: Hand, ticket: Ticket) -> None:
    """Tell who coordinates that the member chose how it goes on."""
    _desk(hand, leads(hand), "ladder.chosen", ticket, None)


def back(hand: Hand, ticket: Ticket) -> None:
    """Tell whoever works on it that the day came on which others were to answer."""
    _desk(hand, [hand.case.responsible_id], "case.back", ticket, None)


def not_solved(hand: Hand, ticket: Ticket) -> None:
    """Tell who coordinates that a member does not find their case solved."""
    _desk(hand, leads(hand), "case.disputed", ticket, None)


def disputed(hand: Hand, ticket: Ticket) -> None:
    """Tell who works on a common matter, and who coordinates, that it is not solved."""
    whom = dict.fromkeys([hand.case.responsible_id, *leads(hand)])
    _desk(hand, whom, "common.disputed", ticket, None)


def due(hand: Hand, mark: Mark) -> None:
    """Tell whose work it is what is due, because so many joined."""
    mine = mark is Mark.RESPONDENT and hand.case.responsible_id is not None
    whom = [hand.case.responsible_id] if mine else leads(hand)
    _desk(hand, whom, f"common.{mark}", None, None)


def danger(hand: Hand) -> None:
    """Tell who coordinates that somebody is in danger."""
    _desk(hand, leads(hand), DANGER, None, None)


def on_call(hand: Hand, person: UUID, kind: str) -> bool:
    """Call one who is on call; return whether it leaves."""
    return _desk(hand, [person], kind, None, None)


def reach_them(hand: Hand) -> None:
    """Tell whoever works on it that the member has to be asked in another way."""
    _desk(hand, [hand.case.responsible_id], "ladder.reach", None, None)


def release_words(hand: Hand, pledge: Pledge) -> tuple[str, str]:
    """Return why a case goes back to the queue, and the note for whoever is next."""
    spoken = language.spoken(hand.case.language)
    due = {"due": _written(hand, pledge.due_at)}
    return spoken.gettext(_REASON), spoken.gettext(_NOTE) % due


def _written(hand: Hand, at: datetime | None) -> str:
    zone = hand.tx.get_one(Community, 1).zone
    return language.moment(at, zone, hand.case.language) if at else ""


def leads(hand: Hand) -> list[UUID]:
    """Return who can give this case to somebody: never anybody it is walled from."""
    verb, now = verb_of(Act.ASSIGN), hand.node.now()
    roles = {
        row.role
        for row in hand.bylaws.permissions
        if row.verb == verb and row.effect is Effect.ALLOW
    }
    held = select(GrantRow.person_id).where(
        GrantRow.role.in_(roles), GrantRow.from_at <= now, GrantRow.expires_at > now
    )
    found = hand.tx.scalars(held.distinct().order_by(GrantRow.person_id)).all()
    return [one for one in found if _may(hand, one, verb)]


def _may(hand: Hand, person: UUID, verb: str) -> bool:
    seen = as_person(hand, person)
    return person != hand.case.member_id and seen.may(verb) and seen.may("case.read")


def _desk(
    hand: Hand,
    whom: Iterable[UUID | None],
    kind: str,
    ticket: Ticket | None,
    due: datetime | None,
) -> bool:
    node, case = hand.node, hand.case
    link = f"{node.settings.origin}/desk/cases/{case.reference}"
    values = {"reference": case.reference, "link": link, "due": _written(hand, due)}
    about = notices.About(kind, values, case.id, ticket.oid if ticket else None)
    left = False
    for person in whom:
        point = people.mail_of(hand.tx, person) if person else None
        if point is not None:
            left |= notices.queue(node, hand.tx, point, about)
    return left


def member(hand: Hand, kind: str, ticket: Ticket | None, **more: str) -> bool:
    """Tell the member, where they agreed to be told; return whether it leaves."""
    node, case, tx = hand.node, hand.case, hand.tx
    point = people.mail_of(tx, case.member_id)
    if point is None or not agreed(tx, case.id, Purpose.CONTACT_CASE, at=node.now()):
        return False
    link = f"{node.settings.origin}/c/{links.first(node, tx, case.id)}"
    values = {"reference": case.reference, "link": link, **more}
    about = notices.About(kind, values, case.id, ticket.oid if ticket else None)
    return notices.queue(node, tx, point, about)
