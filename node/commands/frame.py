"""What every command does alike: open the node, and say no in one line."""

import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from governance.errors import Refusal
from node import assembly, migrate
from node.core import Node
from node.keys import KeysUnsafe
from node.settings import BadSetting, Settings, UnknownSetting

_ANSWERS = (
    BadSetting,
    KeysUnsafe,
    Refusal,
    UnknownSetting,
    migrate.SchemaNewer,
    migrate.SchemaOlder,
)
_P = ParamSpec("_P")
_R = TypeVar("_R")


def answering(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Turn an answer for the operator into one line on stderr and exit code 1."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except _ANSWERS as answer:
            raise click.ClickException(str(answer)) from answer

    return run


def settings_here() -> Settings:
    """Return the settings of the node that the environment names."""
    return Settings.read(os.environ)


def opened(ring: Callable[[], None] | None = None) -> Node:
    """Return that node, or refuse a database of another version."""
    settings = settings_here()
    node = assembly.assemble(settings, ring=ring)
    migrate.check(settings)
    command = click.get_current_context(silent=True)
    if command is not None:
        command.call_on_close(node.database.close)
    return node
