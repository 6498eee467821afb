"""Short texts of one's own on the terminal: kept, changed, filled in for a case."""

from typing import Any
from uuid import UUID

import click

from node.ids import new_id
from node.texts import snippets as slice_
from node.texts.snippets import Short
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import snippets as shapes

_COLUMNS = ("id", "title", "changed_at", "text")


@click.group()
def snippets() -> None:
    """Keep short texts of one's own, to begin replies with."""


@snippets.command("list")
@frame.acting
def snippets_list(by: By) -> None:
    """List the person's own short texts. Nobody else reads them."""
    by.lists(shapes.Snippets, {"items": slice_.mine(by.node, by=by.who)}, _COLUMNS)


@snippets.command("write")
@frame.acting
@taking(shapes.NewSnippet)
def snippets_write(by: By, given: dict[str, Any]) -> None:
    """Keep a short text. Print its id."""
    short = Short(new_id(by.node), **given)
    slice_.write(by.node, short, by=by.who)
    by.made(shapes.SnippetMade, short.id)


@snippets.command("change")
@click.argument("snippet", type=click.UUID)
@frame.acting
@taking(shapes.NewSnippet)
def snippets_change(by: By, snippet: UUID, given: dict[str, Any]) -> None:
    """Change a short text."""
    slice_.change(by.node, Short(snippet, **given), by=by.who)


@snippets.command("delete")
@click.argument("snippet", type=click.UUID)
@frame.acting
def snippets_delete(by: By, snippet: UUID) -> None:
    """Delete a short text."""
    slice_.drop(by.node, snippet, by=by.who)


@snippets.command("fill")
@click.argument("snippet", type=click.UUID)
@click.argument("ref")
@frame.acting
def snippets_fill(by: By, snippet: UUID, ref: str) -> None:
    """Print a short text as it reads in a case, to be changed and sent."""
    text = slice_.fill(by.node, ref, snippet, by=by.who)
    found = by.gives(shapes.SnippetFilled, {"text": text})
    if found is not None:
        frame.say(found["text"])
