"""The two engines a node can stand on, by the same code above them.

Writers ask for the lock first and wait their turn; readers never wait. What a
transaction promised is on disk when it returns, unless it said otherwise.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    Uuid,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from node import core
from node.errors import Collision, Unready
from node.settings import BadSetting
from node.writer import BUSY, Writer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
#: Deadlock, serialisation failure, lock not available, unique violation.
_RETRY_STATES = {"40P01", "40001", "55P03", "23505"}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as whole milliseconds on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> int | None:
        """Return the milliseconds since 1970."""
        del dialect
        return None if value is None else (value - EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the moment."""
        del dialect
        return None if value is None else EPOCH + timedelta(milliseconds=value)


class Encrypted(TypeDecorator[bytes]):
    """A member's words, sealed by `node.vault`: the database never sees them open."""

    impl = LargeBinary
    cache_ok = True


class Model(DeclarativeBase):
    """What every table has in common."""

    metadata = MetaData(naming_convention=_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - the name SQLAlchemy looks for
        datetime: Instant(),
        UUID: Uuid(),
        int: BigInteger().with_variant(Integer(), "sqlite"),
    }


def connect(url: str, folder: Path, monotonic: Callable[[], float]) -> core.Database:
    """Return the database a node works on: SQLite in its folder, or PostgreSQL."""
    if not url:
        return Sqlite(folder, monotonic)
    name = url.partition(":")[0]
    if name != "postgresql":
        raise BadSetting(
            f"FOLKMOOT_DATABASE_URL is empty or postgresql://, and not {name}."
        )
    try:
        return Postgres(url)
    except ArgumentError as error:
        raise BadSetting("FOLKMOOT_DATABASE_URL is no address.") from error


class Sqlite:
    """One file, one writer at a time, and one flush for all who wait."""

    def __init__(self, folder: Path, monotonic: Callable[[], float]) -> None:
        self._folder = folder
        self.path = folder / "folkmoot.sqlite3"
        self.engine = create_engine(f"sqlite:///{self.path}", pool_size=16)
        self._writer = Writer(self.path, self._connect, monotonic)
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin_reading)

    def _connect(self) -> Any:
        connection = self.engine.connect().execution_options(writing=True)
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA query_only = OFF").close()
        return connection

    @contextmanager
    def writing(
        self, *, sealed: bool, durable: bool, flushed: bool = False
    ) -> Iterator[Session]:
        """Take the writer's turn, and return when what was promised is on disk."""
        turn = self._writer.turn(sealed=sealed or not durable, flushed=flushed)
        with _collisions(), turn as connection:
            yield from _session(connection)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look at one consistent moment of the file."""
        with _collisions(), self.engine.connect() as connection:
            yield from _session(connection)

    def tidy(self) -> None:
        """Move what the write-ahead log holds into the file, before it grows large."""
        self._writer.checkpoint()

    def scrub(self) -> bool:
        """Empty the write-ahead log; False if somebody still reads from it.

        The file itself keeps nothing: what is deleted there is overwritten at once.
        """
        return self._writer.truncate()

    def close(self) -> None:
        """Let go of every connection."""
        self._writer.close()
        self.engine.dispose()


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not say BEGIN: we do
    for pragma in (
        "foreign_keys = ON",
        "journal_mode = WAL",
        f"busy_timeout = {BUSY}",
        "cache_size = -65536",
        "wal_autocheckpoint = 0",
        "journal_size_limit = 67108864",
        "secure_delete = ON",
        "query_only = ON",  # the one connection that writes says otherwise
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_reading(connection: Any) -> None:
    # A plain BEGIN takes the write lock only at the first write. If somebody else
    # wrote in between, that fails at once, however long the busy timeout is.
    # Writers that ask for the lock first wait their turn instead.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Postgres:
    """A server that groups commits by itself."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, pool_size=16, pool_pre_ping=True)

    @contextmanager
    def writing(
        self, *, sealed: bool, durable: bool, flushed: bool = False
    ) -> Iterator[Session]:
        """Open a transaction; a cheap one returns before its commit is flushed."""
        del flushed  # nobody sees a commit of this server before its flush
        with _collisions(), self.engine.connect() as connection:
            if sealed or not durable:
                connection.execute(text("SET LOCAL synchronous_commit = off"))
            yield from _session(connection)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look at one consistent moment."""
        with _collisions(), self.engine.connect() as connection:
            connection.execute(
                text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            )
            yield from _session(connection)

    def tidy(self) -> None:
        """Do nothing: the server looks after itself."""

    def scrub(self) -> bool:
        """Let the server clear away dead rows wherever words or keys stand."""
        with self.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.exec_driver_sql("VACUUM")
        return True

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _session(connection: Any) -> Iterator[Session]:
    with Session(connection, expire_on_commit=False) as session:
        yield session
        session.commit()
        if connection.in_transaction():  # it had begun before the session joined it
            connection.commit()


@contextmanager
def _collisions() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if _unique(error):
            raise Collision("somebody else wrote this first") from error
        raise
    except (DBAPIError, sqlite3.Error) as error:
        if _busy(error):
            raise Collision("the database is busy") from error
        if isinstance(error, OperationalError | InterfaceError | sqlite3.Error):
            raise Unready("the database gives no answer") from error
        raise


def _unique(error: IntegrityError) -> bool:
    return "UNIQUE" in str(error.orig) or _state(error) in _RETRY_STATES


def _busy(error: DBAPIError | sqlite3.Error) -> bool:
    return "is locked" in str(error) or _state(error) in _RETRY_STATES


def _state(error: DBAPIError | sqlite3.Error) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)
