"""A case loses its name: all words, the person and every exact time go.

Everything goes that goes when a case is erased. What it was about, how it ended and
how promises were kept stays, where enough other cases say the same.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from governance.cases import Outcome, State
from governance.intake import Identity
from node.cases.hand import Hand
from node.core import Node
from node.erasing import journal
from node.erasing.performing import Done, perform
from node.erasing.shapes import Basis, Erasure, Level, Why
from node.ids import new_id
from node.insights import K
from node.models.access import Access, Disclosure, Glass
from node.models.assignments import Assignment
from node.models.cases import Case, CaseEvent
from node.models.consent import Consent, ConsentEvent
from node.models.handovers import Handover
from node.models.people import Person
from node.models.pledges import ContactAttempt, Escalation, MissCause, Pledge
from node.models.publications import EndedPublication, Publication, PublicReply
from node.models.retention import LegalHold, Retention
from node.models.walls import Wall
from node.upsert import insert_rows

#: In this order: what leaves names the consent that let it.
_ROWS = (
    Disclosure, PublicReply, Consent, Assignment, Handover, LegalHold, Retention,
    ContactAttempt, Glass, Wall,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a case has in common with others."""

    topic: str
    area: str | None
    outcome: Outcome | None


def anonymise(hand: Hand, basis: Basis) -> Done:
    """Take a closed case's name away, everywhere and for good.

    It is in the journal before anything goes: what a restore brings back goes wholly.
    """
    node, tx, case = hand.node, hand.tx, hand.case
    cell = _kept(tx, case)
    whole = Erasure(id=new_id(node), at=node.now(), level=Level.CHAIN, chain=case.id)
    journal.append(node, whole)
    done = perform(node, tx, whole, Why(basis))
    case.topic, case.area, case.outcome = cell.topic, cell.area, cell.outcome
    _blur(tx, case, keeps=cell.topic != "")
    _forget(tx, case)
    nobody = _nobody(node, tx, case.received_at)
    case.member_id = nobody
    # Whoever still has the old number finds nothing under it.
    case.reference = str(nobody)
    tx.flush()
    return done


def _kept(tx: Session, case: Case) -> _Cell:
    """Return as much of a case as enough others share, itself among them."""
    for area in (case.area, None):
        alike = [
            Case.topic == case.topic,
            Case.outcome == case.outcome,
            Case.state.in_([State.CLOSED, State.ERASED]),
        ]
        if area is not None:
            alike.append(Case.area == area)
        if (tx.scalar(select(func.count()).select_from(Case).where(*alike)) or 0) >= K:
            return _Cell(case.topic, area, case.outcome)
    return _Cell("", None, None)


def _month(at: datetime) -> datetime:
    day = at.astimezone(UTC)
    return day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _blur(tx: Session, case: Case, *, keeps: bool) -> None:
    """Leave the month of each time, and of promises how long they took."""
    case.received_at = _month(case.received_at)
    case.closed_at = _month(case.closed_at) if case.closed_at else None
    case.language, case.caution, case.priority = "und", "", None
    case.team_id = case.wished_id = case.sensitivity = None
    # What names the promise it was about goes before it: steps, and who said why.
    for model in (Escalation, MissCause):
        tx.execute(delete(model).where(model.case_id == case.id))
    for event in tx.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id)):
        event.at, event.actor_id, event.whom = _month(event.at), None, None
        if event.outcome is not None:
            event.outcome = case.outcome
    for pledge in tx.scalars(select(Pledge).where(Pledge.case_id == case.id)):
        if keeps:
            _shift(pledge, _month(pledge.started_at) - pledge.started_at)
        else:
            tx.delete(pledge)
    tx.flush()


def _shift(pledge: Pledge, by: timedelta) -> None:
    pledge.started_at = pledge.started_at + by
    pledge.due_at = pledge.due_at and pledge.due_at + by
    pledge.met_at = pledge.met_at and pledge.met_at + by
    pledge.missed_at = pledge.missed_at and pledge.missed_at + by


def _forget(tx: Session, case: Case) -> None:
    """Destroy every other row that could lead to the person."""
    public = tx.get(Publication, case.id)
    if public is not None:
        # Its public id stays gone, and leads nowhere.
        ended = public.ended_at or case.received_at
        tx.add(EndedPublication(key=public.key, ended_at=ended))
        tx.delete(public)
        tx.flush()
    consents = select(Consent.id).where(Consent.case_id == case.id)
    tx.execute(delete(ConsentEvent).where(ConsentEvent.consent_id.in_(consents)))
    for model in _ROWS:
        tx.execute(delete(model).where(model.case_id == case.id))
    # Who looked stays answerable for it; at what, nobody is to know any more.
    looks = update(Access).where(Access.case_id == case.id)
    tx.execute(looks.values(case_id=None, about_id=None))


def _nobody(node: Node, tx: Session, month: datetime) -> UUID:
    id_ = new_id(node)
    insert_rows(
        tx,
        Person,
        {
            "id": id_,
            "display_name": None,
            "language": "und",
            "identity": Identity.ANONYMOUS,
            "created_at": month,
        },
    )
    return id_
