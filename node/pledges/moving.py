"""What each move, answer and word does to the promises of a case.

A machine's words meet nothing, and who has the case changes no date.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance import pledges as rules
from governance.cases import LIVE, Act, State
from governance.pledges import PledgeKind, PledgeState, Promise
from governance.threads import MessageKind
from node.models.pledges import Pledge
from node.pledges.book import Book, open_of, refresh, terms
from node.pledges.making import add, look_again, say
from node.pledges.meeting import come_back, meet, pause, resume, void

#: A person's words also acknowledge what no machine of ours did.
_ANSWERED = (
    PledgeKind.ACKNOWLEDGE,
    PledgeKind.FIRST_RESPONSE,
    PledgeKind.PROGRESS,
)
#: Where somebody has to act on what the member writes.
_AT_WORK = frozenset({State.WORKING, State.WAITING_MEMBER, State.WAITING_OTHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One move that was just made."""

    act: Act
    before: State
    #: Who made it; None when a rule did.
    by: UUID | None
    #: Who answered for the case before it.
    held: UUID | None
    #: When somebody wants to come back to it.
    due: datetime | None = None
    #: Whether who was offered it took it themselves.
    taken: bool = False


def moved(book: Book, done: Done) -> None:
    """Settle and make the promises that a move settles and makes."""
    tx, case, now = book.tx, book.case, book.now
    if State.WAITING_MEMBER in {done.before} - {case.state}:
        resume(book)
    if done.act is Act.FOLLOW_UP_DUE and done.by is None:
        come_back(tx, case)
    kinds = rules.MEETS.get(done.act, frozenset())
    if done.by is not None and done.by == done.held and done.act is not Act.ACCEPT:
        kinds |= {PledgeKind.ASSIGNEE_ACT}
    meet(tx, book.chain, case, *kinds, at=now)
    if State.WAITING_MEMBER in {case.state} - {done.before}:
        pause(book)
    if case.state is State.CLOSED:
        void(tx, case, at=now)
    for kind in sorted(_started(book, done)):
        promise = _promise(book, kind, done)
        if promise is not None:
            add(book, promise)
    refresh(tx, case)


def _started(book: Book, done: Done) -> set[PledgeKind]:
    found = set(rules.starts(done.act, book.case.kind))
    if done.taken:
        found -= {PledgeKind.ASSIGNEE_ACCEPT}
    return found - {one.kind for one in open_of(book.tx, book.case.id)}


def _promise(book: Book, kind: PledgeKind, done: Done) -> Promise | None:
    if kind is PledgeKind.FOLLOW_UP and done.due is not None:
        chosen, now = done.due, book.now
        return rules.follow_up(book.bylaws, book.priority, chosen=chosen, at=now)
    return rules.promise(book.bylaws, kind, book.priority, at=book.now)


def spoken(book: Book, kind: MessageKind, *, by: UUID | None) -> None:
    """Write down that a person wrote to the member; the next news are promised."""
    tx, chain, case = book.tx, book.chain, book.case
    mine = by is not None and by == case.responsible_id
    acted = (PledgeKind.ASSIGNEE_ACT,) if mine else ()
    meet(tx, chain, case, *_ANSWERED, *acted, at=book.now)
    if kind is MessageKind.RESOLUTION or case.state not in LIVE:
        return
    promise = _next_news(book)
    if promise is not None:
        add(book, promise)
    if case.state is State.WAITING_MEMBER:
        pause(book)
    refresh(tx, case)


def _next_news(book: Book) -> Promise | None:
    kind = PledgeKind.PROGRESS
    return rules.promise(book.bylaws, kind, book.priority, at=book.now)


def heard(book: Book, *, first: bool) -> None:
    """Write down that the member wrote; `first` since somebody wrote to them."""
    case, open_ = book.case, open_of(book.tx, book.case.id)
    kinds = {one.kind for one in open_}
    if case.state in _AT_WORK and PledgeKind.ASSIGNEE_ACT not in kinds:
        acts = PledgeKind.ASSIGNEE_ACT
        promise = rules.promise(book.bylaws, acts, book.priority, at=book.now)
        if promise is not None:
            add(book, promise)
    new = rules.promise_after_inbound(book.bylaws, book.priority, at=book.now)
    if not first or new is None or PledgeKind.FIRST_RESPONSE in kinds:
        return
    running = [one for one in open_ if one.kind is PledgeKind.PROGRESS]
    for pledge in running:
        _sooner(book, pledge, new)
    if not running and case.state in LIVE | {State.RESOLVED}:
        add(book, new)
    refresh(book.tx, case)


def _sooner(book: Book, pledge: Pledge, new: Promise) -> None:
    # A miss stays one, and what was promised sooner stays sooner.
    due = pledge.due_at
    if pledge.state is not PledgeState.RUNNING or due is None or due <= new.due_at:
        return
    for name in ("need_minutes", "rule", "rules", "closed_days", "started_at"):
        setattr(pledge, name, getattr(new, name))
    pledge.due_at, pledge.warned = new.due_at, 0
    say(book.chain, new)
    found = terms(book.node, book.tx, pledge)
    warn_at, *_ = rules.warnings(pledge, found.calendar, pauses=found.pauses)
    look_again(book, pledge, warn_at=warn_at)
