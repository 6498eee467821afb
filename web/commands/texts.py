"""Message templates on the terminal: proposed, approved by another, filled in."""

from typing import Any
from uuid import UUID

import click

from node import texts
from node.commands.texts import templates
from node.texts import Draft
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import texts as shapes

_VERSIONS = (
    "id", "name", "medium", "language", "version", "state", "proposed_by",
    "approved_by", "text",
)  # fmt: skip
__all__ = ["templates"]


@templates.command("versions")
@frame.acting
def templates_versions(by: By) -> None:
    """List every version: what is proposed, used, replaced or retired."""
    by.lists(shapes.Texts, {"items": texts.every(by.node, by=by.who)}, _VERSIONS)


@templates.command("show")
@click.argument("version", type=click.UUID)
@frame.acting
def templates_show(by: By, version: UUID) -> None:
    """Show all words of one version."""
    found = by.gives(shapes.TextShown, texts.show(by.node, version, by=by.who))
    if found is None:
        return
    said = [found[name] for name in ("name", "medium", "language", "version", "state")]
    frame.say(f"{', '.join(map(str, said))}\n\n{found['text']}")


@templates.command("propose")
@frame.acting
@taking(shapes.NewText)
def templates_propose(by: By, given: dict[str, Any]) -> None:
    """Propose a version; somebody else has to approve it. Print its id."""
    by.made(shapes.TextMade, texts.propose(by.node, Draft(**given), by=by.who))


@templates.command("approve")
@click.argument("version", type=click.UUID)
@frame.acting
def templates_approve(by: By, version: UUID) -> None:
    """Let a version be used, as the second person."""
    texts.approve(by.node, version, by=by.who)


@templates.command("retire")
@click.argument("version", type=click.UUID)
@frame.acting
def templates_retire(by: By, version: UUID) -> None:
    """Let a template be used no more."""
    texts.retire(by.node, version, by=by.who)


@templates.command("fill")
@click.argument("name")
@click.argument("ref")
@frame.acting
def templates_fill(by: By, name: str, ref: str) -> None:
    """Print a template as it reads in a case, to be changed and sent."""
    found = by.gives(shapes.TextFilled, texts.fill_in(by.node, ref, name, by=by.who))
    if found is not None:
        frame.say(found["text"])
