"""Taking in a draft: once, in one transaction, and with a receipt.

A message that proves its thread goes on there; all else a person wrote is a submission
and a case. What machines write makes no case, moves none and keeps no promise.
"""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from governance.intake import (
    Course,
    Draft,
    check_language,
    check_message_size,
    course,
)
from governance.submissions import readable
from node import files, governance, log
from node.accepting import bouncing, replying
from node.accepting.beginning import begin
from node.accepting.finding import Found, find, thread
from node.accepting.reading import Read
from node.core import Node
from node.files import Kept
from node.log import Ticket
from node.models.arrivals import Arrival
from node.models.cases import Case
from node.upsert import insert

_NAME = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What came of a draft: the receipt that a second delivery gets as well."""

    course: Course
    #: The case it made or went into; empty where there is none.
    reference: str = ""
    #: What to wait for, where something was sealed.
    ticket: Ticket | None = None
    #: Whether it had come before, and nothing was done.
    again: bool = False


def accept(node: Node, draft: Draft) -> Accepted:
    """Take in what a channel brought.

    What is `Course.ASIDE` afterwards is not kept here: the channel leaves it where it
    is, for a person. Whatever this raises, nothing was taken in, and it may be brought
    again.
    """
    check_message_size(len(draft.raw))
    check_language(draft.language)
    key = node.keys.mac("dedupe", draft.dedupe_key)
    with node.read() as tx:
        before = _before(tx, key)
    if before is not None:
        return before
    with (
        files.as_it_came(node, _NAME, draft.raw) as raw,
        node.begin(sealed=True) as tx,
    ):
        if not _is_first(node, tx, key, draft):
            again = _before(tx, key)
            if again is not None:
                return again
        return _accept(node, tx, draft, key, raw)


def _is_first(node: Node, tx: Session, key: bytes, draft: Draft) -> bool:
    now = node.now()
    row = {
        "dedupe": key,
        "channel": draft.channel,
        "machine": draft.machine,
        "course": Course.ASIDE,
        "received_at": min(draft.received_at, now),
        "recorded_at": now,
    }
    asked = insert(tx, Arrival).values(row)
    once = asked.on_conflict_do_nothing(index_elements=["dedupe"])
    return tx.execute(once.returning(Arrival.dedupe)).one_or_none() is not None


def _before(tx: Session, key: bytes) -> Accepted | None:
    row = tx.get(Arrival, key)
    if row is None:
        return None
    case = tx.get_one(Case, row.case_id) if row.case_id else None
    ticket = (
        log.ticket(tx, case.id, row.entry_seq)
        if case is not None and row.entry_seq is not None
        else None
    )
    reference = case.reference if case else ""
    return Accepted(course=row.course, reference=reference, ticket=ticket, again=True)


def _accept(node: Node, tx: Session, draft: Draft, key: bytes, raw: Kept) -> Accepted:
    bylaws = governance.in_force(node, tx)
    found = find(node, tx, draft)
    here = thread(node, tx, found, bylaws)
    comes = course(draft.machine, here, ours=found.notice is not None)
    text, whole = readable(draft.text)
    read = Read(node, tx, draft, bylaws, text, raw, whole=whole)
    ticket = _do(comes, read, found)
    _write_down(read, key, comes, found, ticket)
    reference = tx.get_one(Case, ticket.case_id).reference if ticket else ""
    return Accepted(course=comes, reference=reference, ticket=ticket)


def _do(comes: Course, read: Read, found: Found) -> Ticket | None:
    notice, case = found.notice, found.case
    if comes in {Course.ANEW, Course.FOLLOW}:
        return begin(read, follows=case if comes is Course.FOLLOW else None)
    if notice is not None and comes is Course.UNREACHED:
        permanent = read.draft.permanent
        bouncing.unreached(read.node, read.tx, notice, permanent=permanent)
    elif notice is not None and comes is Course.SILENCE:
        bouncing.silence(read.tx, notice)
    elif case is not None and comes is Course.NOTE:
        return replying.note(read, case)
    elif case is not None and comes is Course.REOPEN:
        return replying.reopen(read, case)
    elif case is not None and comes is Course.APPEND:
        return replying.append(read, case, own=found.own)
    return None


def _write_down(
    read: Read, key: bytes, comes: Course, found: Found, ticket: Ticket | None
) -> None:
    bounced = found.notice if comes is Course.UNREACHED else None
    done = {
        "course": comes,
        "case_id": ticket.case_id if ticket else None,
        "entry_seq": ticket.seq if ticket else None,
        "contact_id": bounced.contact_id if bounced else None,
    }
    read.tx.execute(update(Arrival).where(Arrival.dedupe == key).values(**done))
