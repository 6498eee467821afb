"""The few statements whose spelling differs between the two engines."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from node.database import Model

#: One row, or several with the same columns.
Rows: TypeAlias = "dict[str, object] | list[dict[str, object]]"


def table(model: type[Model]) -> Table:
    """Return a model's table, for statements where rows matter and objects do not."""
    found = model.__table__
    if not isinstance(found, Table):
        raise TypeError(f"{model} has no table of its own")
    return found


@cache
def _plain(model: type[Model]) -> Insert:
    return table(model).insert()


def insert_rows(tx: Session, model: type[Model], rows: Rows) -> None:
    """Insert rows as they are: what a session would do, at a third of its cost."""
    if rows:
        tx.connection().execute(_plain(model), rows)


def insert(tx: Session, model: type[Model]) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that can say what happens on a conflict."""
    if tx.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table(model))
    return postgresql.insert(table(model))


def insert_once(
    tx: Session, model: type[Model], rows: Sequence[Mapping[str, object]], *keys: str
) -> None:
    """Insert rows; those whose key is there already stay as they are."""
    if rows:
        tx.execute(insert(tx, model).on_conflict_do_nothing(index_elements=keys), rows)
