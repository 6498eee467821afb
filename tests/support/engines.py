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
from tests.support.village import Village

#: Both engines, for a fixture's `params`.
ENGINES = [
    "sqlite",
    pytest.param("postgres", marks=[pytest.mark.network, pytest.mark.enable_socket]),
]


@contextmanager
def village_on(server: str, folder: Path) -> Iterator[Village]:
    """Open a village on SQLite, or on a new database of the server that is named."""
    if not server:
        village = Village(folder)
        yield village
        village.close()
        return
    with database_like(server, _migrated(server)) as url:
        village = Village(folder, postgres=url)
        yield village
        village.close()


@contextmanager
def database_like(server: str, original: str) -> Iterator[str]:
    """Make a copy of a database that nobody is connected to; drop it after."""
    name = f"folkmoot_{secrets.token_hex(6)}"
    _say(server, "CREATE DATABASE {} TEMPLATE {}", name, original)
    try:
        yield _address(server, name)
    finally:
        _say(server, "DROP DATABASE {} WITH (FORCE)", name)


@cache
def _migrated(server: str) -> str:
    name = f"folkmoot_{secrets.token_hex(6)}"
    _say(server, "CREATE DATABASE {} TEMPLATE {}", name, "template0")
    migrate.upgrade(Settings(database_url=_address(server, name)))
    return name


def _address(server: str, name: str) -> str:
    return server.rsplit("/", 1)[0] + "/" + name


def _say(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
