"""One message, several matters, on the terminal: parts are cut out and put back."""

from typing import BinaryIO
from uuid import UUID

import click

from node import splitting
from node.ids import new_id
from node.splitting import Marked
from web.commands import frame
from web.commands.frame import By
from web.schemas.api import pieces as shapes

_PIECES = ("id", "reference", "state", "undone", "yours", "by_name", "at", "title")


@click.group()
def pieces() -> None:
    """Make cases of parts of a message, and put them back."""


@pieces.command("list")
@click.argument("ref")
@frame.acting
def pieces_list(by: By, ref: str) -> None:
    """List what was made of a case's words, and of what the case was made."""
    parts = splitting.parts_of(by.node, ref, by=by.who)
    found = by.gives(shapes.PartsShown, parts)
    if found is None:
        return
    if found["origin"]:
        frame.say(f"It is a part of {found['origin']['reference']}.")
    frame.table(found["pieces"], _PIECES)


@pieces.command("split")
@click.argument("ref")
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
@frame.acting
def pieces_split(by: By, ref: str, files: tuple[BinaryIO, ...]) -> None:
    """Make a case of each part of a message that waits for triage.

    Each file holds one part, word for word as it stands in the message; - is standard
    input.
    """
    texts = tuple(frame.words("file", None, it, ask="") for it in files)
    made = splitting.split(by.node, ref, Marked(new_id(by.node), texts), by=by.who)
    by.settled(made.ticket)
    found = by.gives(shapes.Splitted, {"references": made.references})
    for reference in found["references"] if found else ():
        click.echo(reference)


@pieces.command("undo")
@click.argument("ref")
@click.argument("piece", type=click.UUID)
@frame.acting
def pieces_undo(by: By, ref: str, piece: UUID) -> None:
    """Put a part back into its case, while nobody has looked after it."""
    by.settled(splitting.undo(by.node, ref, piece, by=by.who))
