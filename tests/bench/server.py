"""The ledger on PostgreSQL, against bare COPY and bare commits on the same server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import psycopg

from tests.bench.ledger import acknowledged, drained
from tests.bench.rows import Row, alternate, at_least
from tests.support import servers

_ROW = b"x" * 400


def measure(folder: Path, *, rounds: int) -> list[Row]:
    """Alternate subject and yardstick on a server of its own; return the rows."""
    with servers.postgres() as url:
        return [
            at_least(
                alternate(rounds, lambda: drained(folder, 4, url), lambda: _copy(url)),
                name="PostgreSQL: outbox drained in batches of 4,096",
                unit="entries/s",
                against="COPY of 1,000 rows of 400 B a transaction",
                gate=0.5,
            ),
            at_least(
                alternate(
                    rounds, lambda: _acknowledged(folder, url), lambda: _single(url)
                ),
                name="PostgreSQL: acknowledged at the ledger, eight threads",
                unit="entries/s",
                against="one row of 400 B a commit",
                gate=0.4,
            ),
        ]


def _acknowledged(folder: Path, url: str) -> float:
    return acknowledged(folder, 8, 400, url)[0]


@contextmanager
def _bare(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS bare")
        connection.execute("CREATE TABLE bare (id BIGSERIAL PRIMARY KEY, data BYTEA)")
        connection.commit()
        yield connection


def _copy(url: str) -> float:
    took = 0.0
    with _bare(url) as connection:
        for _ in range(10):
            began = perf_counter()
            said = "COPY bare (data) FROM STDIN (FORMAT BINARY)"
            with connection.cursor().copy(said) as stream:
                stream.set_types(["bytea"])
                for _ in range(1000):
                    stream.write_row((_ROW,))
            connection.commit()
            took += perf_counter() - began
    return 10_000 / took


def _single(url: str) -> float:
    with _bare(url) as connection:
        began = perf_counter()
        for _ in range(200):
            connection.execute("INSERT INTO bare (data) VALUES (%s)", (_ROW,))
            connection.commit()
        return 200 / (perf_counter() - began)
