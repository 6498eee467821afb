"""Who is in a case besides its member, on the terminal."""

from typing import Any
from uuid import UUID

import click

from node import parties as slice_
from node.ids import new_id
from node.parties import Named
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import parties as shapes

_ACTS = {"agree": slice_.agree, "refuse": slice_.refuse, "end": slice_.end}


@click.group()
def parties() -> None:
    """Name who else is in a case, and end it with them."""


@parties.command("list")
@click.argument("ref")
@frame.acting
def parties_list(by: By, ref: str) -> None:
    """List who is, was or may be in a case besides its member."""
    _listed(by, ref)


@parties.command("name")
@click.argument("ref")
@frame.acting
@taking(shapes.NewParty)
def parties_name(by: By, ref: str, given: dict[str, Any]) -> None:
    """Name somebody as its member; or propose them, as who works on it."""
    fields = tuple(given.pop("fields_"))
    named = Named(id=new_id(by.node), fields=fields, **given)
    own = slice_.board(by.node, ref, by=by.who).own
    (slice_.name if own else slice_.propose)(by.node, ref, named, by=by.who)
    _listed(by, ref)


@parties.command("decide")
@click.argument("ref")
@click.argument("party", type=click.UUID)
@frame.acting
@taking(shapes.PartyDecision)
def parties_decide(by: By, ref: str, party: UUID, given: dict[str, Any]) -> None:
    """Say yes or no, as its member, to who is proposed; or end it with somebody."""
    _ACTS[given["act"]](by.node, ref, party, by=by.who)
    _listed(by, ref)


def _listed(by: By, ref: str) -> None:
    found = slice_.board(by.node, ref, by=by.who)
    by.lists(shapes.PartyList, found, ("id", "role", "standing", "name"))
