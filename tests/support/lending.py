"""Databases of a server that tests use one after the other, each as if it were new.

To make a database, and above all to drop one, takes the server longer than most tests
take. So one that comes back is emptied, gets the rows of its original again, and is
lent once more. It is dropped instead if its tables are not the original's any more, if
it knows statistics that a new one would not, and after a number of turns.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import psycopg
from psycopg import sql

from tests.support import engines

#: What was deleted stays in the files for a while: later ones would be slower.
_TURNS = 40

#: What a test may have changed that is no row; every oid below is the server's own.
_SHAPE = """
    SELECT (SELECT string_agg(oid || ' ' || relname, ',' ORDER BY oid)
            FROM pg_class WHERE oid >= 16384 AND relkind <> 't'),
           (SELECT md5(string_agg(attrelid || attname, ',' ORDER BY attrelid, attnum))
            FROM pg_attribute WHERE attrelid >= 16384),
           (SELECT count(*) FROM pg_constraint),
           (SELECT count(*) FROM pg_trigger),
           (SELECT count(*) FROM pg_proc),
           (SELECT count(*) FROM pg_namespace),
           (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384)
"""
_TABLES = """
    SELECT format('%I.%I', nspname, relname)
    FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'r' AND pg_class.oid >= 16384 AND nspname <> 'pg_toast' ORDER BY 1
"""
_SEQUENCES = """
    SELECT format('%I.%I', schemaname, sequencename),
           coalesce(last_value, start_value), last_value IS NOT NULL
    FROM pg_sequences
"""
#: What a node derives from the rest, it derives in a schema of its own.
_SCHEMAS = """
    SELECT nspname FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
"""
_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(slots=True)
class _Lent:
    name: str
    #: As it was when it was made.
    shape: object
    turns: int = 0


@dataclass(frozen=True, slots=True)
class _Original:
    """What stands in an original, and how another gets it."""

    schemas: frozenset[str]
    #: Asks which tables have any row.
    asks: bytes
    #: Fills empty tables with the rows of the original.
    fills: bytes


_FREE: dict[tuple[str, str], list[_Lent]] = defaultdict(list)


@contextmanager
def lent(server: str, original: str) -> Iterator[str]:
    """Lend a database that is like an original which never changes."""
    free = _FREE[server, original]
    one = free.pop() if free else _made(server, original)
    try:
        yield engines.address(server, one.name)
    finally:
        one.turns += 1
        if one.turns < _TURNS and _is_like_new(server, original, one):
            free.append(one)
        else:
            engines.dropped(server, one.name)


def _made(server: str, original: str) -> _Lent:
    name = engines.copied(server, original)
    with psycopg.connect(engines.address(server, name)) as connection:
        return _Lent(name, connection.execute(_SHAPE).fetchone())


def _is_like_new(server: str, original: str, one: _Lent) -> bool:
    kept = _kept(server, original)
    with psycopg.connect(engines.address(server, one.name)) as connection:
        connection.execute(_OTHERS)
        for (schema,) in connection.execute(_SCHEMAS).fetchall():
            if schema not in kept.schemas:
                named = sql.Identifier(str(schema))
                connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(named))
        if connection.execute(_SHAPE).fetchone() != one.shape:
            return False
        # Neither triggers nor references are asked: the rows were right before.
        connection.execute("SET session_replication_role = replica")
        filled = connection.execute(kept.asks).fetchall()
        empties = [
            sql.SQL("DELETE FROM {};").format(sql.SQL(str(table)))
            for (table,) in filled
        ]
        connection.execute(sql.Composed(empties).as_bytes() + kept.fills)
    return True


@cache
def _kept(server: str, original: str) -> _Original:
    with psycopg.connect(engines.address(server, original)) as connection:
        schemas = frozenset(str(it) for (it,) in connection.execute(_SCHEMAS))
        tables = [str(name) for (name,) in connection.execute(_TABLES)]
        asks = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
                sql.Literal(table), sql.SQL(table)
            )
            for table in tables
        ]
        fills = [
            *(it for table in tables for it in _fills(connection, table)),
            *(
                sql.SQL("SELECT setval({}, {}, {});").format(*map(sql.Literal, it))
                for it in connection.execute(_SEQUENCES)
            ),
        ]
        return _Original(
            schemas,
            sql.SQL(" UNION ALL ").join(asks).as_bytes(connection),
            sql.Composed(fills).as_bytes(connection),
        )


def _fills(connection: _Connection, table: str) -> Iterator[sql.Composed]:
    named = sql.SQL(table)
    asked = sql.SQL("SELECT array_agg(it)::text FROM {} it").format(named)
    for (rows,) in connection.execute(asked):
        if rows is not None:
            yield sql.SQL("INSERT INTO {0} SELECT * FROM unnest({1}::{0}[]);").format(
                named, sql.Literal(rows)
            )
