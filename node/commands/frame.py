"""What every command does alike: open the node, show lines, say no in one line."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from sqlalchemy.exc import DatabaseError

from governance.errors import Refusal
from node import assembly, log, migrate
from node.core import Node
from node.errors import (
    Collision,
    DatabaseMissing,
    ExportFailed,
    JournalDamaged,
    NoRecovery,
    NotRecovered,
    Unready,
)
from node.keys import KeysUnsafe
from node.settings import BadSetting, Settings, UnknownSetting

_ANSWERS = (
    BadSetting,
    Collision,
    DatabaseMissing,
    ExportFailed,
    JournalDamaged,
    KeysUnsafe,
    NoRecovery,
    NotRecovered,
    UnknownSetting,
    Unready,
    migrate.SchemaNewer,
    migrate.SchemaOlder,
)
#: What `--person` takes.
STEWARD = "The steward you act for: an id of `folkmoot people list --role steward`."
_P = ParamSpec("_P")
_R = TypeVar("_R")


def answering(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Turn an answer into one line on stderr, with its code, and exit code 1."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except Refusal as no:
            raise click.ClickException(f"{no.code}: {no}") from no
        except _ANSWERS as answer:
            raise click.ClickException(str(answer)) from answer
        except DatabaseError as error:
            if type(error) is not DatabaseError:
                raise  # what has a name of its own is no fault of the file
            said = f"The database is damaged: {error.orig}. Put a backup in its place."
            raise click.ClickException(said) from error

    return run


def settings_here() -> Settings:
    """Return the settings of the node that the environment names."""
    return Settings.read(os.environ)


def opened(ring: Callable[[], None] | None = None) -> Node:
    """Return that node, or refuse a database of another version."""
    settings = settings_here()
    node = assembly.assemble(settings, ring=ring)
    migrate.check(settings)
    # It may be the first process since a restore, and must not sign over it.
    log.start_check(node)
    command = click.get_current_context(silent=True)
    if command is not None:
        command.call_on_close(node.database.close)
    return node


def show(lines: Sequence[Any], *, as_json: bool) -> None:
    """Print lines of one kind, as a table or as JSON."""
    rows = [asdict(line) for line in lines]
    if as_json:
        click.echo(json.dumps(rows, default=datetime.isoformat))
        return
    if not rows:
        click.echo("Nothing.", err=True)
        return
    table = [
        list(rows[0]),
        *([_shown(value) for value in row.values()] for row in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        click.echo("  ".join(map(str.ljust, cells, widths)).rstrip())


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return "-" if value is None or value == "" else str(value)
