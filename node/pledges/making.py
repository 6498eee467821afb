"""Making promises: a row, a sealed entry, and the timers that look at it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import pledges as rules
from governance.cases import Priority
from governance.pledges import PledgeKind, PledgeState, Promise
from governance.rules import Bylaws
from ledger.author import Channel
from ledger.entry import Role
from node import jobs
from node.core import Node
from node.ids import new_id
from node.log import Chain, Saying
from node.models.cases import Case
from node.models.pledges import Pledge
from node.pledges.book import Book, open_of, refresh
from node.upsert import insert_rows

#: Looking at a promise when it is due; and before, to warn whoever can keep it.
DUE, WARN = "pledge.due", "pledge.warn"


def promises(
    bylaws: Bylaws, kinds: tuple[PledgeKind, ...], priority: Priority, *, at: datetime
) -> tuple[Promise, ...]:
    """Return what the rules promise a member from a moment on."""
    found = (rules.promise(bylaws, kind, priority, at=at) for kind in kinds)
    return tuple(promise for promise in found if promise is not None)


def say(chain: Chain, promised: Promise | Pledge, outcome: str = "promised") -> int:
    """Seal a promise, or what became of it."""
    due = promised.due_at
    fields = {
        "what": promised.kind.value,
        "due": due.isoformat() if due else "",
        "outcome": outcome,
    }
    return chain.say(Saying(kind="pledge", role=Role.NODE, fields=fields))


def say_cause(
    chain: Chain, missed: Pledge, *, role: Role, channel: Channel, facts: dict[str, str]
) -> int:
    """Seal why a promise was missed, as somebody says."""
    due = missed.due_at
    fields = {
        "what": missed.kind.value,
        "due": due.isoformat() if due else "",
        "outcome": f"missed: {missed.cause}",
    }
    saying = Saying(
        kind="pledge", role=role, channel=channel, fields=fields, facts=facts
    )
    return chain.say(saying)


def row(
    node: Node, case_id: UUID, promise: Promise, *, number: int = 0
) -> dict[str, object]:
    """Return the row of a promise that was just made."""
    return {
        "id": new_id(node),
        "case_id": case_id,
        "kind": promise.kind,
        "round": number,
        "need_minutes": promise.need_minutes,
        "rule": promise.rule,
        "rules": promise.rules,
        "closed_days": promise.closed_days,
        "started_at": promise.started_at,
        "due_at": promise.due_at,
        "met_at": None,
        "missed_at": None,
        "warned": 0,
        "state": PledgeState.RUNNING,
    }


def timers(
    bylaws: Bylaws, pledge_id: object, promise: Promise, oid: int | None = None
) -> tuple[jobs.Asked, ...]:
    """Return the work of looking at a promise: when it is due, and half way there."""
    due = _asked(DUE, pledge_id, promise.due_at, oid)
    if promise.kind not in rules.BEGINS:
        return (due,)
    calendar = rules.calendar_of(bylaws, promise.clock)
    half, *_ = rules.warnings(promise, calendar)
    return due, _asked(WARN, pledge_id, half, oid)


def _asked(kind: str, subject: object, at: datetime, oid: int | None) -> jobs.Asked:
    return jobs.Asked(kind, str(subject), at, oid, f"{kind}/{subject}/{at.isoformat()}")


def look_again(
    book: Book, pledge: Pledge, *, warn_at: datetime | None, at: datetime | None = None
) -> None:
    """Write down when to look at a promise whose dates are others now, or `at` once."""
    asked = [_asked(WARN, pledge.id, warn_at, None)] if warn_at else []
    if pledge.due_at is not None:
        asked.append(_asked(DUE, pledge.id, at or pledge.due_at, None))
    jobs.put(book.node, book.tx, *asked)


def add(book: Book, promise: Promise) -> Pledge:
    """Make one promise, the next of its kind in this case."""
    node, tx, case = book.node, book.tx, book.case
    tx.flush()
    before = select(func.count()).where(
        Pledge.case_id == case.id, Pledge.kind == promise.kind
    )
    fresh = row(node, case.id, promise, number=tx.scalar(before) or 0)
    insert_rows(tx, Pledge, fresh)
    say(book.chain, promise)
    jobs.put(node, tx, *timers(book.bylaws, fresh["id"], promise))
    return tx.get_one(Pledge, fresh["id"])


def _still_owed(pledge: Pledge) -> bool:
    running = pledge.state is PledgeState.RUNNING
    return running and pledge.kind is PledgeKind.FIRST_RESPONSE


def promise_again(tx: Session, chain: Chain, case: Case, bylaws: Bylaws) -> None:
    """Promise a first human answer anew, when a case comes back.

    One that still runs is not begun again.
    """
    book = Book(tx, chain, case, bylaws)
    if any(_still_owed(one) for one in open_of(tx, case.id)):
        refresh(tx, case)
        return
    kinds = (PledgeKind.FIRST_RESPONSE,)
    for promise in promises(bylaws, kinds, book.priority, at=book.now):
        add(book, promise)
    refresh(tx, case)
