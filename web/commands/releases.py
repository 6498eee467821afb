"""Notes of the desk that members ask for, on the terminal."""

from typing import Any
from uuid import UUID

import click

from node import releases as slice_
from node.releases import Decision
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import releases as shapes

_WAITING = ("id", "reference", "kind", "written_at", "due_at", "late")


@click.command("ask-notes")
@click.argument("ref")
@frame.acting
def ask_notes(by: By, ref: str) -> None:
    """Ask, as its member, for the desk's notes about a case."""
    waits = slice_.ask(by.node, ref, by=by.who)
    if by.gives(shapes.NotesWait, {"waiting": waits}) is None:
        return
    said = "They are decided about in a week." if waits else "There is none to decide."
    click.echo(said)


@click.command("asked-notes")
@click.argument("ref")
@frame.acting
def asked_notes(by: By, ref: str) -> None:
    """Show the notes that were asked for, as they may be read."""
    found = by.gives(shapes.NotesAsked, slice_.asked(by.node, ref, by=by.who))
    if found is None:
        return
    for one in found["notes"]:
        said = one["outcome"].replace("_", " ")
        frame.say(f"{frame.moment(one['at'])}  {one['who']}, {one['kind']}, {said}")
        for words in (one["text"], one["reason"]):
            if words:
                frame.say(f"  {words}")
    if found["due_at"]:
        due = frame.moment(found["due_at"])
        click.echo(f"What waits is decided about by {due}.", err=True)


@click.group()
def releases() -> None:
    """Go over notes that members asked for."""


@releases.command("list")
@frame.acting
def releases_list(by: By) -> None:
    """List the notes that wait for one's decision."""
    found = {"items": slice_.listed(by.node, by=by.who)}
    by.lists(shapes.NotesWaiting, found, _WAITING)


@releases.command("show")
@click.argument("note", type=click.UUID)
@frame.acting
def releases_show(by: By, note: UUID) -> None:
    """Show one note with its words; its member sees that it was read."""
    found = by.gives(shapes.NoteOpened, slice_.one(by.node, note, by=by.who))
    if found is None:
        return
    due = frame.moment(found["due_at"])
    frame.say(f"{found['reference']}, {found['who']}, {found['kind']}, by {due}\n")
    frame.say(found["text"])
    if found["sealed_for"]:
        frame.say(f"\nSealed: {found['sealed_for']}")


@releases.command("decide")
@click.argument("note", type=click.UUID)
@frame.acting
@taking(shapes.NewDecision)
def releases_decide(by: By, note: UUID, given: dict[str, Any]) -> None:
    """Let its member read these words of a note; --text "" for none.

    All of it as it was written is the note as it was; what is left out needs a
    --reason, which the member reads.
    """
    _decided(by, note, Decision(**given))


@releases.command("show-all")
@click.argument("note", type=click.UUID)
@frame.acting
def releases_show_all(by: By, note: UUID) -> None:
    """Let its member read all of a note, as it was written."""
    _decided(by, note, Decision(slice_.one(by.node, note, by=by.who).text))


def _decided(by: By, note: UUID, decision: Decision) -> None:
    outcome = slice_.decide(by.node, note, decision, by=by.who)
    found = by.gives(shapes.Decided, {"outcome": outcome})
    if found is not None:
        click.echo(f"Its member reads it as {found['outcome'].replace('_', ' ')}.")


COMMANDS = (ask_notes, asked_notes)
