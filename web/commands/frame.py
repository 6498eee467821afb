"""What the commands of casework do alike: act for somebody, show what came of it."""

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, BinaryIO
from uuid import UUID

import click
from marshmallow import Schema

from node import accounts, log
from node.accounts import Visitor
from node.commands.frame import answering, opened
from node.core import Node
from node.log import Ticket

#: Signs that a terminal takes for orders: nobody's words may give any.
_ORDERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*Z", re.ASCII)
_WIDEST = 60
_PERSON = click.option(
    "--person",
    required=True,
    type=click.UUID,
    metavar="ID",
    help="Who you act for: an id of `folkmoot people list`.",
)
_JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print what the API answers."
)
_Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class By:
    """Whom a command acts for at which node, and how it answers."""

    node: Node
    who: Visitor
    as_json: bool

    def settled(self, ticket: Ticket | None) -> None:
        """Wait until something stands in the ledger; say so where that takes longer."""
        if ticket is not None and log.wait(self.node, ticket) is None:
            click.echo("It is done; the ledger has it in a moment.", err=True)

    def gives(self, shape: type[Schema], value: object) -> dict[str, Any] | None:
        """Return what the API gives out; None once it was printed as JSON."""
        found: dict[str, Any] = shape().dump(value)
        if not self.as_json:
            return found
        document(found)
        return None

    def lists(
        self,
        shape: type[Schema],
        value: object,
        columns: Sequence[str],
        at: str = "items",
    ) -> None:
        """Print a list that the API gives out: some fields of each line, or JSON."""
        found = self.gives(shape, value)
        if found is not None:
            table(found[at], columns)

    def made(self, shape: type[Schema], id_: UUID) -> None:
        """Print the id of what was made."""
        if self.gives(shape, {"id": id_}) is not None:
            click.echo(id_)


def acting(command: _Command) -> _Command:
    """Give a command whom it acts for, as `By`: they may no more than on a page."""

    @wraps(command)
    def run(person: UUID, as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click's way
        node = opened()
        command(By(node, accounts.on_behalf(node, person), as_json), **given)

    return _PERSON(_JSON(answering(run)))


def says(name: str, what: str) -> Callable[[_Command], _Command]:
    """Give a command somebody's words: from the line, a file, or standard input."""

    def given(command: _Command) -> _Command:
        @wraps(command)
        def run(**more: Any) -> None:
            typed, source = more.pop(name), more.pop(f"{name}_from")
            command(**more, **{name: words(name, typed, source, ask=what)})

        return spoken(name, what)(run)

    return given


def spoken(name: str, what: str) -> Callable[[_Command], _Command]:
    """Give a command the two options by which words come."""
    typed = click.option(f"--{name}", help=f"{what} Shells keep what is typed.")
    read = click.option(
        f"--{name}-from",
        type=click.File("rb"),
        help="The same, from a file; - for standard input.",
    )
    return lambda command: typed(read(command))


def plain(text: object) -> str:
    """Return somebody's words without what a terminal would obey."""
    return _ORDERS.sub("\N{REPLACEMENT CHARACTER}", str(text))


def say(text: object) -> None:
    """Print a line that may hold somebody's words."""
    click.echo(plain(text))


def document(value: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(value))


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Print some fields of what the API gives out, a line each."""
    if not rows:
        click.echo("Nothing.", err=True)
        return
    lines = [[_cell(row.get(name)) for name in columns] for row in rows]
    heads = [name.replace("_", " ") for name in columns]
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    for cells in (heads, *lines):
        click.echo("  ".join(map(str.ljust, cells, widths)).rstrip())


def _cell(value: object) -> str:
    if value is None or value in ("", []):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(_cell(one) for one in value)
    if isinstance(value, Mapping):
        return _cell(value.get("name"))
    text = " ".join(moment(value).split())
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def moment(value: object) -> str:
    """Return a moment of the API as people read it; anything else as it stands."""
    text = plain(value)
    if _MOMENT.fullmatch(text) is None:
        return text
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


def asked(lacking: Sequence[str]) -> str:
    """Return whose words standard input holds: there is one of it, so one field."""
    if len(lacking) > 1:
        which = " and ".join(f"--{name}" for name in lacking[1:])
        raise click.UsageError(f"Only --{lacking[0]} can be left out: say {which}.")
    return lacking[0] if lacking else ""


def words(name: str, given: str | None, source: BinaryIO | None, *, ask: str) -> str:
    """Return somebody's words: as typed, from a file, or from standard input.

    Without either, what `ask` says is asked for; nothing is asked where it is empty.
    """
    if given is not None and source is not None:
        raise click.UsageError(f"Give --{name} or --{name}-from, not both.")
    if given is not None:
        return given
    if source is None and not ask:
        return ""
    if source is None and sys.stdin.isatty():
        click.echo(f"{ask} End with Ctrl-D on a line of its own:", err=True)
    source = source or sys.stdin.buffer
    try:
        return source.read().decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"What --{name}-from names is no UTF-8 text.") from error
