"""What may lie on a desk, state by state, so that an index has each in its order.

One list of all states would be sorted anew for every look; so a page of each is read,
and the pages are joined. A look costs the same however full the node is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, tuple_, union_all
from sqlalchemy.orm import Session

from node.database import EPOCH
from node.models.cases import DUE, Case
from node.paging import PAGE

#: By the next promise, then by arrival.
_ORDER = (DUE, Case.received_at, Case.id)
_PLACE = re.compile(r"(\d{1,15})-(\d{1,14})-([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the next one begins after it."""

    due: int
    received_at: datetime
    id: UUID

    def __str__(self) -> str:
        """Return the place as it stands in an address."""
        received = (self.received_at - EPOCH) // timedelta(milliseconds=1)
        return f"{self.due}-{received}-{self.id.hex}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Return the place that stands in an address; None for what is none."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        received = EPOCH + timedelta(milliseconds=int(found[2]))
        return cls(int(found[1]), received, UUID(found[3]))


def page(
    tx: Session, parts: Sequence[ColumnElement[bool]], after: Place | None
) -> tuple[Sequence[Case], Place | None]:
    """Return a page of the cases that any part lets in, and where it ends.

    No case is in two parts. The end is None when nothing follows.
    """
    found = _joined([_part(one, after).limit(PAGE + 1) for one in parts])
    query = select(Case, DUE).where(Case.id.in_(found)).order_by(*_ORDER)
    rows = tx.execute(query.limit(PAGE + 1)).all()
    cases = [case for case, _ in rows[:PAGE]]
    if len(rows) <= PAGE:
        return cases, None
    last, due = rows[PAGE - 1]
    return cases, Place(due, last.received_at, last.id)


def every(parts: Sequence[ColumnElement[bool]]) -> CompoundSelect[UUID]:
    """Return the cases that the parts let in, for `paging.counts`."""
    return union_all(*(select(Case.id).where(one) for one in parts))


def _part(condition: ColumnElement[bool], after: Place | None) -> Select[UUID]:
    query = select(Case.id).where(condition).order_by(*_ORDER)
    if after is None:
        return query
    return query.where(tuple_(*_ORDER) > (after.due, after.received_at, after.id))


def _joined(parts: list[Select[UUID]]) -> CompoundSelect[UUID]:
    return union_all(*(select(one.subquery()) for one in parts))
