"""What takes a second person, on the terminal: proposals, and what was set aside."""

from uuid import UUID

import click

from node import cases, resolutions
from web.commands import frame, moves
from web.commands.frame import By
from web.schemas.api import desk as shapes

_PROPOSALS = ("id", "act", "outcome", "by", "at", "yours", "words")
_ASIDE = ("case_ref", "proposal", "yours", "at", "reason", "title")


@click.command("behind")
@click.argument("ref")
@frame.acting
def behind(by: By, ref: str) -> None:
    """Show what only the desk sees: proposals, and notes left."""
    found = by.gives(shapes.BehindShown, cases.behind(by.node, ref, by=by.who))
    if found is None:
        return
    for note in found["notes"]:
        frame.say(note)
    frame.table(found["proposals"], _PROPOSALS)


@click.command("disagree")
@click.argument("ref")
@click.argument("proposal", type=click.UUID)
@frame.acting
def disagree(by: By, ref: str, proposal: UUID) -> None:
    """Say no, as the second person, to what was proposed."""
    resolutions.disagree(by.node, ref, proposal, by=by.who)
    moves.after(by, ref)


@click.command("aside")
@frame.acting
def aside(by: By) -> None:
    """List what was set aside and waits for a second look."""
    found = {"items": cases.set_aside(by.node, by=by.who)}
    by.lists(shapes.AsideShown, found, _ASIDE)


@click.command("seen")
@click.argument("ref")
@click.argument("proposal", type=click.UUID)
@frame.acting
def seen(by: By, ref: str, proposal: UUID) -> None:
    """Agree, as the second person, that it is no case."""
    cases.seen(by.node, ref, proposal, by=by.who)
