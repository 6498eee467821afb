"""What becomes of promises: kept, late for ever, waiting, sooner, or not needed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from governance import pledges as rules
from governance.cases import Outcome, State
from governance.pledges import PledgeKind, PledgeState
from governance.rules import Bylaws
from node import jobs
from node.log import Chain
from node.models.cases import Case
from node.models.pledges import Pledge
from node.pledges import making
from node.pledges.book import Book, open_of, refresh, terms


def meet(
    tx: Session, chain: Chain, case: Case, *kinds: PledgeKind, at: datetime
) -> None:
    """Write down that a promise was kept; late is late for ever."""
    for pledge in open_of(tx, case.id):
        if pledge.kind in kinds:
            _stop_waiting(chain, tx, pledge)
            pledge.state, pledge.met_at = rules.settle(pledge, met_at=at), at
            if pledge.state is PledgeState.MET_LATE:
                miss(chain, case, pledge, at=at)
    refresh(tx, case)


def _stop_waiting(chain: Chain, tx: Session, pledge: Pledge) -> None:
    # What is kept while it waits was still due some day, and is counted by that day.
    if pledge.due_at is None:
        found = terms(chain.node, tx, pledge)
        pledge.due_at = rules.due(pledge, found.calendar, pauses=found.pauses)
        pledge.state, pledge.remaining_minutes = PledgeState.RUNNING, None


def come_back(tx: Session, case: Case) -> None:
    """Write down that a case is come back to on its day: that was promised."""
    for pledge in open_of(tx, case.id):
        if pledge.kind is PledgeKind.FOLLOW_UP:
            pledge.state, pledge.met_at = PledgeState.MET, pledge.due_at
    refresh(tx, case)


def miss(chain: Chain, case: Case, pledge: Pledge, *, at: datetime) -> None:
    """Seal that a promise was missed, and why as far as the facts tell; once.

    Whoever is first to notice does: the timer, or the late answer itself.
    """
    if pledge.missed_at is not None:
        return
    pledge.missed_at = at
    pledge.cause = rules.cause(
        pledge.kind,
        held=case.responsible_id is not None,
        waited_outside=case.state is State.WAITING_OTHER,
    )
    making.say(chain, pledge, "missed")


def pause(book: Book) -> None:
    """Let what waits for the member wait; what is missed by now stays missed."""
    for pledge in open_of(book.tx, book.case.id):
        found = terms(book.node, book.tx, pledge)
        if pledge.state is not PledgeState.RUNNING or not found.waits:
            continue
        if rules.standing(pledge, at=book.now) is PledgeState.OVERDUE:
            continue  # its timer is on the way, and says so
        pledge.remaining_minutes = rules.remaining(
            pledge, found.calendar, pauses=found.pauses, at=book.now
        )
        pledge.due_at, pledge.state = None, PledgeState.PAUSED
    refresh(book.tx, book.case)


def resume(book: Book) -> None:
    """Let run what waited for the member, by as much as it waited."""
    for pledge in open_of(book.tx, book.case.id):
        if pledge.state is not PledgeState.PAUSED:
            continue
        pledge.state, pledge.remaining_minutes = PledgeState.RUNNING, None
        _date(book, pledge)
    refresh(book.tx, book.case)


def _date(book: Book, pledge: Pledge) -> None:
    found = terms(book.node, book.tx, pledge)
    pledge.due_at = rules.due(pledge, found.calendar, pauses=found.pauses)
    warned = rules.warnings(pledge, found.calendar, pauses=found.pauses)
    ahead = (at for at in warned[:-1] if at > book.now)
    making.look_again(book, pledge, warn_at=next(ahead, None))


def sooner(tx: Session, chain: Chain, case: Case, bylaws: Bylaws) -> None:
    """Promise sooner what a new priority makes sooner; never later.

    New rules touch only later promises: each is looked at by its own.
    """
    node, priority = chain.node, Book(tx, chain, case, bylaws).priority
    for pledge in open_of(tx, case.id):
        found = terms(node, tx, pledge)
        new = rules.repromise(pledge, found.bylaws, priority, pauses=found.pauses)
        if new is not None:
            pledge.due_at, pledge.need_minutes = new.due_at, new.need_minutes
            pledge.rule = new.rule
            making.say(chain, new)
            jobs.put(node, tx, *making.timers(found.bylaws, pledge.id, new))
    refresh(tx, case)


def void(tx: Session, case: Case, *, at: datetime) -> None:
    """Let go of what is not yet due, when a case ends without it.

    Whoever joins others is still promised a first answer of their own.
    """
    kept = case.outcome is Outcome.JOINED and case.state is State.CLOSED
    for pledge in open_of(tx, case.id):
        if not (kept and pledge.kind is PledgeKind.FIRST_RESPONSE):
            pledge.state = rules.void(pledge, at=at)
    refresh(tx, case)


def drop(tx: Session, case: Case, kinds: Iterable[PledgeKind]) -> None:
    """Let go of what only the member could have kept."""
    gone = frozenset(kinds)
    for pledge in open_of(tx, case.id):
        if pledge.kind in gone:
            pledge.state = PledgeState.VOID
    refresh(tx, case)
