"""Long lists in parts: what follows the last line shown, however much came since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

#: How many lines a page has. Lists return one more, if there is one.
PAGE = 50
#: So many are counted one by one. What is more than that is only known to be more.
MANY = 200
Line = TypeVar("Line")


def older(
    at: InstrumentedAttribute[datetime],
    name: InstrumentedAttribute[str],
    than: tuple[datetime, str],
) -> ColumnElement[bool]:
    """Return what comes after a line in a list that has the newest first."""
    moment, last = than
    return or_(at < moment, and_(at == moment, name < last))


def cut(lines: Sequence[Line]) -> tuple[Sequence[Line], bool]:
    """Return a page of a list, and whether there is more."""
    return lines[:PAGE], len(lines) > PAGE


def count(tx: Session, found: Select[Any] | CompoundSelect[Any]) -> int:
    """Return how many rows there are; `MANY + 1` stands for any more than `MANY`.

    So a total costs the same however full a node is.
    """
    return counts(tx, found)[0]


def counts(tx: Session, *found: Select[Any] | CompoundSelect[Any]) -> tuple[int, ...]:
    """Return the same of several lists, asked for at once."""
    some = [one.limit(MANY + 1).subquery() for one in found]
    each = [select(func.count()).select_from(one).scalar_subquery() for one in some]
    return tuple(tx.execute(select(*each)).one())
