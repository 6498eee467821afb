"""Who is whom, on the terminal: the same looks and decisions as at the desk."""

from typing import Any
from uuid import UUID

import click

from node import matches
from node.commands.people import people
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import people as shapes

_UNMATCHED = ("reference", "person_id", "name", "identity", "received_at", "title")
_DOUBLES = ("id", "name", "member", "likeness", "reasons")
_CONTACTS = ("id", "kind", "masked", "state", "provenance", "verified_at")
#: What stands in lists of a person, and under which words.
_PARTS = (
    ("contacts", "How to reach them:", _CONTACTS),
    ("merges", "Who turned out to be them:", ("id", "name", "at")),
    ("statements", "What they say is right:", ("at", "words")),
    ("doubles", "Whom they could be:", _DOUBLES),
)
__all__ = ["people"]


@people.command("unmatched")
@frame.acting
def people_unmatched(by: By) -> None:
    """List the cases that could be from somebody known, and who that is."""
    lines = matches.unmatched(by.node, by=by.who)
    found = by.gives(shapes.UnmatchedList, {"items": lines})
    if found is None:
        return
    if not found["items"]:
        frame.table([], _UNMATCHED)
    for line in found["items"]:
        frame.table([line], _UNMATCHED)
        frame.table(line["doubles"], _DOUBLES)
        click.echo()


@people.command("show")
@click.argument("whom", type=click.UUID)
@frame.acting
def people_show(by: By, whom: UUID) -> None:
    """Show somebody as the desk may see them."""
    found = by.gives(shapes.PersonAtDesk, matches.person(by.node, whom, by=by.who))
    if found is None:
        return
    member = ", a member" if found["member"] else ""
    frame.say(f"{found['id']}  {found['name']}, {found['identity']}{member}")
    if found["cases"]:
        frame.say(f"Cases: {' '.join(found['cases'])}")
    for name, title, columns in _PARTS:
        if found[name]:
            click.echo(f"\n{title}")
            frame.table(found[name], columns)


@people.command("reveal")
@click.argument("whom", type=click.UUID)
@click.argument("contact", type=click.UUID)
@frame.acting
def people_reveal(by: By, whom: UUID, contact: UUID) -> None:
    """Show one contact in the open; its owner sees that it was read."""
    value = matches.reveal(by.node, whom, contact, by=by.who)
    found = by.gives(shapes.Revealed, value)
    if found is not None:
        frame.say(found["value"])


@people.command("merge")
@click.argument("whom", type=click.UUID)
@frame.acting
@taking(shapes.NewMerge, "person_id")
def people_merge(by: By, whom: UUID, given: dict[str, Any]) -> None:
    """Decide that PERSON_ID is WHOM; print the id that takes it back."""
    made = matches.merge(by.node, given["person_id"], whom, by=by.who)
    by.made(shapes.MergeMade, made)


@people.command("unmerge")
@click.argument("merge", type=click.UUID)
@frame.acting
def people_unmerge(by: By, merge: UUID) -> None:
    """Take back that two are one person."""
    matches.unmerge(by.node, merge, by=by.who)


@people.command("apart")
@click.argument("whom", type=click.UUID)
@frame.acting
@taking(shapes.NewApart, "person_id")
def people_apart(by: By, whom: UUID, given: dict[str, Any]) -> None:
    """Decide that two who look alike are two people."""
    matches.apart(by.node, whom, given["person_id"], by=by.who)
