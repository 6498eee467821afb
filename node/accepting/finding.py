"""What something that came in proves: a message of ours it answers, and its thread."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.cases import Outcome, may_reopen
from governance.intake import Course, Draft, Identity, Machine, Thread
from governance.people import Contact
from governance.rules import Bylaws
from node import aliases, people
from node.core import Node
from node.models.arrivals import Arrival
from node.models.cases import Case
from node.models.notices import Notice
from node.models.people import ContactPoint

#: So many of the messages it says it answers are looked at.
_LOOKED_AT = 20
_DAY = timedelta(days=1)
#: What a channel says of a sender whose address nothing speaks against.
_SOUND = frozenset({Identity.VERIFIED, Identity.MATCHED})


@dataclass(frozen=True, slots=True)
class Found:
    """What a draft proves."""

    #: The message of ours that it answers.
    notice: Notice | None
    #: The case whose thread it belongs to, and whether its own member wrote.
    case: Case | None
    own: bool


def find(node: Node, tx: Session, draft: Draft) -> Found:
    """Find what a draft answers; what it proves nothing of stays apart.

    A token of ours is a proof by itself. A message of ours is one together with a
    sender who is a contact of the thread, or with a machine at its recipient's.
    """
    notice = _notice(tx, draft)
    id_ = draft.reply_to or (notice.case_id if notice else None)
    case = _locked(tx, id_) if id_ is not None else None
    if case is None:
        return Found(notice, None, own=False)
    if draft.machine is not Machine.HUMAN:
        known = notice is None or notice.person_id in aliases.group(tx, case.member_id)
        return Found(notice, case if known else None, own=False)
    own = draft.identity in _SOUND and _is_of(node, tx, draft.sender, case)
    return Found(notice, case if own or draft.reply_to else None, own)


def thread(node: Node, tx: Session, found: Found, bylaws: Bylaws) -> Thread | None:
    """Return the thread as the rules see it."""
    case = found.case
    if case is None:
        return None
    now = node.now()
    closed, outcome, windows = case.closed_at, case.outcome, bylaws.cases
    before = select(func.count()).where(
        Arrival.case_id == case.id,
        Arrival.course == Course.REOPEN,
        Arrival.recorded_at > now - _DAY,
    )
    return Thread(
        state=case.state,
        own=found.own,
        # Whoever goes on with others leaves them by a word of their own, and by none
        # that they send as an answer to news.
        reopens=closed is not None
        and outcome not in {None, Outcome.JOINED}
        and may_reopen(closed, outcome, at=now, rules=windows),
        brought_back=tx.scalar(before) or 0,
    )


def _notice(tx: Session, draft: Draft) -> Notice | None:
    ids = draft.answers[:_LOOKED_AT]
    if not ids:
        return None
    rows = tx.scalars(select(Notice).where(Notice.message_id.in_(ids))).all()
    return min(rows, key=lambda row: ids.index(row.message_id), default=None)


def _locked(tx: Session, id_: object) -> Case | None:
    # Nobody moves it between what the rules decide and what is written.
    return tx.get(Case, id_, with_for_update=True, populate_existing=True)


def _is_of(node: Node, tx: Session, sender: Contact | None, case: Case) -> bool:
    if sender is None:
        return False
    theirs = select(ContactPoint.id).where(
        ContactPoint.person_id.in_(aliases.group(tx, case.member_id)),
        ContactPoint.digest == people.digest(node, sender),
    )
    return tx.scalar(theirs.limit(1)) is not None
