"""What we sent did not arrive, or its reader wants no more of it."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.intake import Course
from governance.people import SOFT_BOUNCE_DAYS, ContactState, after_bounce
from governance.plans import Owner
from governance.threads import OPEN
from node import aliases, governance, language, people, threads, vault
from node.cases.hand import RULE, Hand
from node.cases.planned import place
from node.core import Node
from node.ids import new_id
from node.ladder import telling
from node.models.arrivals import Arrival
from node.models.cases import Case
from node.models.notices import Notice
from node.models.people import ContactPoint
from node.models.plans import Task


#: Marks a text for the catalogues; it is translated for whoever reads it.
def _(text: str) -> str:
    return text


_TASK = _("The member was not reached by mail. Try another way.")
#: What is told again by another way; of all else the step in the plan has to do.
_AGAIN = frozenset({"reply", "needs-you", "resolved"})


def unreached(node: Node, tx: Session, notice: Notice, *, permanent: bool) -> None:
    """Mark the contact that was not reached, and have a person try another way."""
    point = tx.get(ContactPoint, notice.contact_id, with_for_update=True)
    if point is None:
        return
    week = node.now() - timedelta(days=SOFT_BOUNCE_DAYS)
    recent = select(func.count()).where(
        Arrival.contact_id == point.id,
        Arrival.course == Course.UNREACHED,
        Arrival.recorded_at > week,
    )
    before = tx.scalar(recent) or 0
    point.state = after_bounce(point.state, permanent=permanent, recent=before + 1)
    tx.flush()
    case = tx.get(Case, notice.case_id) if notice.case_id else None
    if case is None or notice.person_id not in aliases.group(tx, case.member_id):
        return
    if case.state in OPEN:
        bylaws = governance.in_force(node, tx)
        _try_another_way(Hand(node, tx, case, RULE, bylaws), notice)


def silence(tx: Session, notice: Notice) -> None:
    """Send nothing more to a contact whose reader complained of it."""
    point = tx.get(ContactPoint, notice.contact_id, with_for_update=True)
    if point is not None:
        point.state = ContactState.DO_NOT_CONTACT


def _try_another_way(hand: Hand, notice: Notice) -> None:
    other = people.mail_of(hand.tx, notice.person_id)
    if other is not None and other.id != notice.contact_id and notice.kind in _AGAIN:
        threads.reach(hand, notice.kind)
    mine = (Task.case_id == hand.case.id, Task.author_id.is_(None))
    if hand.tx.scalar(select(Task.id).where(*mine, Task.done_at.is_(None)).limit(1)):
        return
    id_, title = new_id(hand.node), language.spoken(hand.case.language).gettext(_TASK)
    row = Task(
        id=id_,
        case_id=hand.case.id,
        author_id=None,
        title=vault.seal(hand.node, hand.key(), place(id_), title),
        owner=Owner.ADVOCATE,
        created_at=hand.node.now(),
        due_at=None,
    )
    hand.tx.add(row)
    hand.tx.flush()
    telling.reach_them(hand)
