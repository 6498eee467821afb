"""Villages on either engine: PostgreSQL tests get a database each, migrated once."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from node import migrate
from node.settings import Settings
from tests.support import lending
from tests.support.village import Village

#: Both engines, for a fixture's `params`.
ENGINES = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.network),
]


def server_of(request: pytest.FixtureRequest) -> str:
    """Return the server that a fixture over `ENGINES` is for; nothing for SQLite."""
    if request.param == "sqlite":
        return ""
    url: str = request.getfixturevalue("postgres_url")
    return url


@contextmanager
def village_on(server: str, folder: Path, *, seed: int = 1) -> Iterator[Village]:
    """Open a village on SQLite, or on a new database of the server that is named."""
    if not server:
        village = Village(folder, seed=seed)
        yield village
        village.close()
        return
    with lending.lent(server, migrated(server)) as url:
        village = Village(folder, postgres=url, seed=seed)
        yield village
        village.close()


@contextmanager
def database_like(server: str, original: str) -> Iterator[str]:
    """Make a copy of a database that nobody is connected to; drop it after."""
    name = copied(server, original)
    try:
        yield address(server, name)
    finally:
        dropped(server, name)


def copied(server: str, original: str) -> str:
    """Make a copy of a database for as long as the server runs; return its name."""
    name = f"folkmoot_{secrets.token_hex(6)}"
    _say(server, "CREATE DATABASE {} TEMPLATE {}", name, original)
    return name


def dropped(server: str, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    _say(server, "DROP DATABASE {} WITH (FORCE)", name)


@cache
def migrated(server: str) -> str:
    """Return the name of a database with empty tables, to make copies of."""
    name = copied(server, "template0")
    migrate.upgrade(Settings(database_url=address(server, name)))
    return name


def address(server: str, name: str) -> str:
    """Return the address of a server's database."""
    return server.rsplit("/", 1)[0] + "/" + name


def _say(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
