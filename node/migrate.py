"""Bringing a database to this program's schema: one numbered chain, forward only."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

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
    """Migrate to the newest schema. Safe to call again, and from two programs."""
    engine = create_engine(url(settings))
    try:
        with engine.begin() as connection, as_file(files("node") / "migrations") as at:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '4s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            config = Config()
            config.set_main_option("script_location", str(at))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def check(settings: Settings) -> None:
    """Raise unless the database has exactly the schema of this program."""
    engine = create_engine(url(settings))
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    with as_file(files("node") / "migrations") as at:
        known = [step.revision for step in ScriptDirectory(str(at)).walk_revisions()]
    if current == known[0]:
        return
    if current is None or current in known:
        raise SchemaOlder("The database is older than the program: folkmoot upgrade.")
    raise SchemaNewer("A newer Folkmoot has used this database; use that one.")
