"""What words did to promises, and taking it back when they were never said.

A promise that was kept by a call that never was is owed again, from when it was made:
what is over by now is missed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from governance import pledges as rules
from governance.cases import LIVE, State
from governance.pledges import PledgeKind, PledgeState
from node.models.pledges import Pledge
from node.pledges.book import Book, open_of, refresh
from node.pledges.making import look_again
from node.pledges.meeting import miss, pause

#: Where what a member was promised is still owed.
_OWED = LIVE | {State.RESOLVED}


@dataclass(frozen=True, slots=True)
class Effect:
    """Which promises some words kept, and which began with them."""

    kept: frozenset[UUID]
    begun: frozenset[UUID]


def effect(book: Book, before: Collection[UUID]) -> Effect:
    """Return what changed since these promises were open."""
    after = {one.id for one in open_of(book.tx, book.case.id)}
    return Effect(frozenset(before) - after, frozenset(after - set(before)))


def take_back(
    book: Book, did: Effect, *, answered: datetime | None
) -> tuple[Pledge, ...]:
    """Let promises stand as if some words were never said; return what is owed again.

    `answered`: when a person wrote to the member since then, if anybody did.
    """
    owed = [_again(book, one, answered) for one in _rows(book, did.kept)]
    for pledge in _rows(book, did.begun):
        # The next news were promised from words that never were.
        if answered is None and pledge.kind is PledgeKind.PROGRESS:
            pledge.state = rules.void(pledge, at=book.now)
    if book.case.state is State.WAITING_MEMBER:
        pause(book)
    refresh(book.tx, book.case)
    return tuple(one for one in owed if one is not None)


def _rows(book: Book, ids: Collection[UUID]) -> list[Pledge]:
    query = select(Pledge).where(Pledge.id.in_(ids)).order_by(Pledge.started_at)
    return list(book.tx.scalars(query.with_for_update()))


def _again(book: Book, pledge: Pledge, answered: datetime | None) -> Pledge | None:
    if pledge.met_at is None:
        return None
    pledge.met_at = None
    pledge.state = PledgeState.OVERDUE if pledge.missed_at else PledgeState.RUNNING
    if answered is not None:
        pledge.state, pledge.met_at = rules.settle(pledge, met_at=answered), answered
        if pledge.state is PledgeState.MET_LATE:
            miss(book.chain, book.case, pledge, at=book.now)
        return None
    if book.case.state not in _OWED:
        pledge.state = rules.void(pledge, at=book.now)
        return None
    if pledge.due_at is not None and pledge.due_at <= book.now:
        # The timer that looked at it when it was due found it kept.
        look_again(book, pledge, warn_at=None, at=book.now)
    return pledge
