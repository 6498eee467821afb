"""Looking for cases by words: the newest first, and only what somebody may read.

So many of the newest hits are looked at, whoever looks and whatever they may see:
neither a number nor the time it takes tells of a case that is not theirs to know of.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from governance.rules import Bylaws
from node import governance, walls
from node.accounts.visitor import Visitor
from node.cases import CaseLine
from node.cases.lists import PAGE, lines
from node.cases.within import at_the_desk
from node.core import Node
from node.models.cases import Case
from node.search.index import index_of
from node.search.words import asked

#: So many of the newest hits are looked at; of these at most a page is shown.
CAP = 1_000
#: The longest text to look for.
LONGEST = 200


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    #: Those whose title holds the words, then the newest.
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of the words somebody looked for."""

    lines: tuple[CaseLine, ...]
    #: Whether there may be more than is shown.
    more: bool
    words: tuple[str, ...]


def find(node: Node, text: str, *, by: Visitor, order: Order = Order.NEWEST) -> Found:
    """Return the cases that hold all these words and that somebody may read."""
    looked_for = asked(text[:LONGEST])
    with node.read() as tx:
        hidden = walls.hidden_from(tx, by)
    # What does not exist for somebody takes no place among the newest hits.
    hits = index_of(node).newest(looked_for, CAP, hidden) if looked_for else []
    places = {hit.case_id: number for number, hit in enumerate(hits)}
    titled = {hit.case_id for hit in hits if hit.in_title}
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        readable = _readable(node, bylaws, by)
        rows = tx.scalars(select(Case).where(Case.id.in_(places), readable)).all()
        found = sorted(rows, key=lambda case: places[case.id])
        if order is Order.BEST:
            found.sort(key=lambda case: case.id not in titled)
        shown = lines(node, tx, found[:PAGE])
    return Found(shown, len(found) > PAGE or len(hits) == CAP, looked_for)


def holding(
    node: Node, text: str, most: int, hidden: Collection[UUID]
) -> tuple[UUID, ...]:
    """Return the newest cases that hold all these words, but for those hidden."""
    looked_for = asked(text[:LONGEST])
    hits = index_of(node).newest(looked_for, most, hidden) if looked_for else []
    return tuple(hit.case_id for hit in hits)


def _readable(node: Node, bylaws: Bylaws, by: Visitor) -> ColumnElement[bool]:
    if by.kind != "member" or by.case_id is not None:
        return Case.id == by.case_id
    return or_(Case.member_id.in_(walls.own_of(by)), at_the_desk(node, bylaws, by))
