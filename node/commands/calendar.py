"""The days on which the desk stays closed."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import click

from node import accounts, calendars
from node.calendars import Read
from node.commands.frame import STEWARD, answering, opened, show


@dataclass(frozen=True, slots=True)
class _Line:
    day: str
    name: str


@click.group()
def calendar() -> None:
    """Look at the closed days, or import them."""


@calendar.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--person", required=True, type=click.UUID, help=STEWARD)
@click.option("--add", is_flag=True, help="Keep the days that are closed already.")
@answering
def calendar_import(file: Path, person: UUID, add: bool) -> None:  # noqa: FBT001 - click's way
    """Take the holidays of an iCalendar file for promises to come."""
    # No other command reads other programs' files: none waits for this one's parser.
    from node.calendars import reading  # noqa: PLC0415

    node = opened()
    with file.open("rb") as given:
        events, others = reading.read(given.read(reading.LARGEST + 1))
    found = Read(events, others, file.name)
    taken = calendars.take(node, found, add=add, by=accounts.on_behalf(node, person))
    click.echo(f"Version {taken.version}: {taken.days} closed days.")
    if taken.left_out:
        click.echo(f"{taken.left_out} events close no whole day.", err=True)


@calendar.command("list")
@click.option("--json", "as_json", is_flag=True)
@answering
def calendar_list(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List the days on which the desk stays closed."""
    found = calendars.closed_days(opened())
    show([_Line(one.day.isoformat(), one.name) for one in found], as_json=as_json)
