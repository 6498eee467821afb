"""Replies that leave at a moment, on the terminal."""

from typing import Any
from uuid import UUID

import click

from node import later as slice_
from node.ids import new_id
from node.threads import Words
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import later as shapes

_LATER = ("id", "due_at", "version", "yours", "why", "seconds", "who", "text")


@click.group()
def later() -> None:
    """Write replies that leave at a moment."""


@later.command("list")
@click.argument("ref")
@frame.acting
def later_list(by: By, ref: str) -> None:
    """List what waits to leave, and what was kept back at its moment."""
    _shown(by, ref)


@later.command("write")
@click.argument("ref")
@frame.acting
@taking(shapes.NewLater)
def later_write(by: By, ref: str, given: dict[str, Any]) -> None:
    """Keep a reply until a moment; it leaves if its author still may send it."""
    words = Words(new_id(by.node), given["text"])
    slice_.schedule(by.node, ref, words, given["at"], by=by.who)
    _shown(by, ref)


@later.command("change")
@click.argument("ref")
@click.argument("reply", type=click.UUID)
@frame.acting
@taking(shapes.ChangedLater)
def later_change(by: By, ref: str, reply: UUID, given: dict[str, Any]) -> None:
    """Change a reply that waits, and its moment."""
    plan = given["at"], given["version"]
    slice_.change(by.node, ref, Words(reply, given["text"]), plan, by=by.who)
    _shown(by, ref)


@later.command("cancel")
@click.argument("ref")
@click.argument("reply", type=click.UUID)
@frame.acting
def later_cancel(by: By, ref: str, reply: UUID) -> None:
    """Take back a reply before it leaves, or put away one that did not."""
    slice_.cancel(by.node, ref, reply, by=by.who)


@later.command("ask")
@click.argument("ref")
@frame.acting
@taking(shapes.NewStatement)
def later_ask(by: By, ref: str, given: dict[str, Any]) -> None:
    """Keep a reply in the community's name until somebody else agrees to it."""
    words = Words(new_id(by.node), given["text"], began=given["template"])
    slice_.ask(by.node, ref, words, by=by.who)
    _shown(by, ref)


@later.command("agree")
@click.argument("ref")
@click.argument("reply", type=click.UUID)
@frame.acting
def later_agree(by: By, ref: str, reply: UUID) -> None:
    """Agree to a reply in the community's name: it leaves now, if it still may."""
    ticket = slice_.agree(by.node, ref, reply, by=by.who)
    if ticket is not None:
        by.settled(ticket)
    _shown(by, ref)


def _shown(by: By, ref: str) -> None:
    found = {"items": slice_.waiting(by.node, ref, by=by.who)}
    by.lists(shapes.LaterList, found, _LATER)
