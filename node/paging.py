"""Long lists in parts: what follows the last line shown, however much came since."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

#: How many lines a page has. Lists return one more, if there is one.
PAGE = 50
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
