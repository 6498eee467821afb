"""How cases hang together, on the terminal: said, and taken back."""

from typing import Any
from uuid import UUID

import click

from node import bonds as slice_
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import bonds as shapes

_BONDS = ("id", "kind", "merged", "first", "reference", "state", "title", "reason")
_DOUBLES = ("reference", "state", "reasons", "received_at", "title")


@click.group()
def bonds() -> None:
    """Say how cases hang together, and take it back."""


@bonds.command("list")
@click.argument("ref")
@frame.acting
def bonds_list(by: By, ref: str) -> None:
    """List the bonds of a case, and what could be the same matter."""
    lines = slice_.bonds_of(by.node, ref, by=by.who)
    doubles = slice_.doubles(by.node, ref, by=by.who)
    found = by.gives(shapes.BondsShown, {"items": lines, "doubles": doubles})
    if found is None:
        return
    frame.table(found["items"], _BONDS)
    if found["doubles"]:
        click.echo("\nCould be the same matter:")
        frame.table(found["doubles"], _DOUBLES)


@bonds.command("mark")
@click.argument("ref")
@frame.acting
@taking(shapes.NewBond, "other", without={"merged"})
def bonds_mark(by: By, ref: str, given: dict[str, Any]) -> None:
    """Say how a case hangs together with another."""
    said = slice_.Said(given["kind"], given["reason"])
    by.settled(slice_.mark(by.node, ref, given["other"], said, by=by.who))
    _shown(by, ref)


@bonds.command("merge")
@click.argument("ref")
@frame.acting
@taking(shapes.NewBond, "other", without={"merged", "kind"})
def bonds_merge(by: By, ref: str, given: dict[str, Any]) -> None:
    """Let a case that waits go along with another: one person has both."""
    other, reason = given["other"], given["reason"]
    by.settled(slice_.merge(by.node, ref, other, reason, by=by.who))
    _shown(by, ref)


@bonds.command("undo")
@click.argument("ref")
@click.argument("bond", type=click.UUID)
@frame.acting
def bonds_undo(by: By, ref: str, bond: UUID) -> None:
    """Take a bond back; both cases stay as they are."""
    by.settled(slice_.undo(by.node, ref, bond, by=by.who))


def _shown(by: By, ref: str) -> None:
    lines = slice_.bonds_of(by.node, ref, by=by.who)
    by.lists(shapes.BondsShown, {"items": lines, "doubles": ()}, _BONDS)
