"""Notes of the desk on the terminal."""

import click

from governance.tags import BETWEEN
from governance.threads import NoteKind
from node import cases
from node import notes as slice_
from node.cases import tagging
from node.ids import new_id
from node.notes import Noted
from web.commands import frame
from web.commands.frame import By
from web.schemas.api import notes as shapes


@click.command("notes")
@click.argument("ref")
@frame.acting
def notes(by: By, ref: str) -> None:
    """List the notes of a case, which its member does not see."""
    cases.view(by.node, ref, by=by.who)  # A read of the case, as on its page.
    board = slice_.board(by.node, ref, by=by.who)
    found = by.gives(shapes.DeskNotes, {"items": board})
    if found is None:
        return
    for one in found["items"] or ():
        frame.say(f"{frame.moment(one['at'])}  {one['who']}, {one['kind']}")
        frame.say(f"  {one['text'] or one['reason']}")


@click.command("note")
@click.argument("ref")
@click.option("--sealed", default="", help="Why nobody else shall read it.")
@frame.says("text", "The note.")
@frame.acting
def note(by: By, ref: str, sealed: str, text: str) -> None:
    """Write a note, which the member does not see."""
    kind = NoteKind.SEALED if sealed else NoteKind.WORKING
    noted = Noted(new_id(by.node), text, kind, sealed)
    slice_.write(by.node, ref, noted, by=by.who)
    by.made(shapes.DeskNoteMade, noted.id)


@click.command("tags")
@click.argument("ref")
@frame.says("tags", "The tags, with commas between.")
@frame.acting
def tags(by: By, ref: str, tags: str) -> None:
    """Let a case have exactly these tags."""
    ticket = tagging.put(by.node, ref, tags.split(BETWEEN), by=by.who)
    if ticket is not None:
        by.settled(ticket)
