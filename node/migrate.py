"""Bringing a database to this program's schema: one numbered chain, forward only."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import OperationalError

from node import beside
from node.errors import Unready
from node.settings import Settings

_LOCK = 0x666F6C6B  # any constant number: two programs must not migrate at once


class SchemaNewer(Exception):  # noqa: N818 - an answer for the operator
    """A newer program has changed the database; this one would only spoil it."""


class SchemaOlder(Exception):  # noqa: N818 - an answer for the operator
    """The database wants `folkmoot upgrade` first."""


def url(settings: Settings) -> str:
    """Return where the database is."""
    return settings.database_url or f"sqlite:///{settings.data / 'folkmoot.sqlite3'}"


def upgrade(settings: Settings) -> None:
    """Migrate to the newest schema, whole or not at all. Safe from two programs."""
    engine = create_engine(url(settings))
    on_sqlite = engine.dialect.name == "sqlite"
    if on_sqlite:
        event.listen(engine, "begin", _begin)
    try:
        with (
            _alone(settings.data) if on_sqlite else nullcontext(),
            engine.begin() as connection,
            _steps() as at,
        ):
            if not on_sqlite:
                # Another upgrade takes its time; who uses a table is not waited for.
                connection.execute(text("SET LOCAL lock_timeout = '10min'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                connection.execute(text("SET LOCAL lock_timeout = '4s'"))
            _require_known(connection, at, settings)
            config = Config()
            config.set_main_option("script_location", str(at))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    # The lock that everybody holds who writes: see `node.writer`.
    handle = os.open(folder / "write.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _begin(connection: Connection) -> None:
    # The driver begins nothing before a CREATE or ALTER, so half a step could stay.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _steps() -> Iterator[Path]:
    with as_file(files("node") / "migrations") as at:
        yield at


def _require_known(connection: Connection, at: Path, settings: Settings) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        beside.require_none(settings)
    elif current not in _known(at):
        raise SchemaNewer("A newer Folkmoot has used this database; use that one.")
    return current


def _known(at: Path) -> list[str]:
    return [step.revision for step in ScriptDirectory(str(at)).walk_revisions()]


def check(settings: Settings) -> None:
    """Raise unless the database has exactly the schema of this program."""
    engine = create_engine(url(settings))
    try:
        with engine.connect() as connection, _steps() as at:
            if _require_known(connection, at, settings) != _known(at)[0]:
                raise SchemaOlder(
                    "The database is older than the program: folkmoot upgrade."
                )
    except OperationalError as error:
        raise Unready("The database gives no answer.") from error
    finally:
        engine.dispose()
