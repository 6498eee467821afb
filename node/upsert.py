"""The few statements whose spelling differs between the two engines."""

from collections.abc import Mapping, Sequence
from functools import cache
from struct import Struct
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, Dialect, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from node.database import Model

#: So few rows are quicker one by one.
_FEW = 32
# How a server reads rows as bytes: PostgreSQL, COPY, "Binary Format".
_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COUNT, _LENGTH, _NUMBER = Struct(">h"), Struct(">i"), Struct(">iq")
_NOTHING = _LENGTH.pack(-1)

#: What a driver takes as it is; SQLite's knows no UUID.
Value: TypeAlias = "int | str | bytes | UUID | None"
#: A row whose values no type has to change on the way.
Plain: TypeAlias = "dict[str, Value]"
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


def as_bound(tx: Session, model: type[Model], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as the driver takes it, to insert it many times with changes."""
    dialect, columns = tx.connection().dialect, table(model).columns
    found = {}
    for name, value in row.items():
        change = columns[name].type.dialect_impl(dialect).bind_processor(dialect)
        found[name] = change(value) if change else value
    return found


def insert_bound(tx: Session, model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Insert rows whose values are as the driver takes them."""
    if not rows:
        return
    connection = tx.connection()
    statement, order = _spelled(connection.dialect, model, tuple(rows[0]))
    values = [tuple([row[name] for name in order]) for row in rows]
    connection.exec_driver_sql(statement, values)


def insert_plain(tx: Session, model: type[Model], rows: Sequence[Plain]) -> None:
    """Insert many rows of numbers, words and bytes as they are.

    A server takes more than a few of them as one stream of bytes.
    """
    connection = tx.connection()
    names = tuple(rows[0])
    if connection.dialect.name == "postgresql" and len(rows) > _FEW:
        _copy(connection, model, names, [tuple(row.values()) for row in rows])
        return
    statement, order = _spelled(connection.dialect, model, names)
    values = [tuple([row[name] for name in order]) for row in rows]
    connection.exec_driver_sql(statement, values)


def _copy(
    connection: Connection,
    model: type[Model],
    names: tuple[str, ...],
    rows: list[tuple[Value, ...]],
) -> None:
    said = f"COPY {table(model).name} ({', '.join(names)}) FROM STDIN (FORMAT BINARY)"
    driver: Any = connection.connection.driver_connection
    dialect = connection.dialect
    fault = dialect.loaded_dbapi.Error
    start = _COUNT.pack(len(names))
    parts = [_BEGIN]
    for row in rows:
        parts.append(start)
        parts += [_field(value) for value in row]
    parts.append(_COUNT.pack(-1))
    try:
        with driver.cursor() as cursor, cursor.copy(said) as stream:
            stream.write(b"".join(parts))
    except fault as error:  # as if the connection had been asked
        raise DBAPIError.instance(said, None, error, fault, dialect=dialect) from error


def _field(value: Value) -> bytes:
    if value is None:
        return _NOTHING
    if isinstance(value, UUID):
        value = value.bytes
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, int):
        return _NUMBER.pack(8, value)
    return _LENGTH.pack(len(value)) + value


@cache
def _spelled(
    dialect: Dialect, model: type[Model], names: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    # The same spelling for both, by place: the driver is handed plain tuples.
    kind: type[Any] = type(dialect)
    style = "qmark" if dialect.name == "sqlite" else "format"
    spelling = kind(paramstyle=style)
    made = _plain(model).compile(dialect=spelling, column_keys=names)
    return str(made), tuple(made.positiontup or ())


def insert(tx: Session, model: type[Model]) -> sqlite.Insert | postgresql.Insert:
    """Return an insert that can say what happens on a conflict."""
    return insert_into(tx.get_bind().dialect.name, model)


def insert_into(dialect: str, model: type[Model]) -> sqlite.Insert | postgresql.Insert:
    """Return the same for a named engine, for statements that are built once."""
    if dialect == "sqlite":
        return sqlite.insert(table(model))
    return postgresql.insert(table(model))


def insert_once(
    tx: Session, model: type[Model], rows: list[dict[str, object]], *key: str
) -> None:
    """Insert rows; those whose key is there already stay as they are."""
    if rows:
        tx.connection().execute(_once(tx.get_bind().dialect.name, model, key), rows)


@cache
def _once(dialect: str, model: type[Model], key: tuple[str, ...]) -> Insert:
    return insert_into(dialect, model).on_conflict_do_nothing(index_elements=key)


def insert_over(
    tx: Session, model: type[Model], row: dict[str, object], *key: str
) -> None:
    """Insert a row; of one whose key is there already, replace all that is given."""
    values = tuple(name for name in row if name not in key)
    dialect = tx.get_bind().dialect.name
    tx.connection().execute(_replacing(dialect, model, key, values), row)


@cache
def _replacing(
    dialect: str, model: type[Model], key: tuple[str, ...], values: tuple[str, ...]
) -> Insert:
    statement = insert_into(dialect, model)
    new = {name: statement.excluded[name] for name in values}
    return statement.on_conflict_do_update(index_elements=key, set_=new)


def replace_rows(
    tx: Session, model: type[Model], rows: list[dict[str, object]], key: str, value: str
) -> None:
    """Insert rows; of those whose key is there already, replace the value."""
    tx.connection().execute(_over(tx.get_bind().dialect.name, model, key, value), rows)


@cache
def _over(dialect: str, model: type[Model], key: str, value: str) -> Insert:
    statement = insert_into(dialect, model)
    new = {value: statement.excluded[value]}
    return statement.on_conflict_do_update(index_elements=[key], set_=new)
