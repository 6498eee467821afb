"""Who is on call, on the terminal."""

from typing import Any
from uuid import UUID

import click

from governance.roster import Turn
from node import absences
from node import roster as slice_
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import roster as shapes

_TURNS = ("id", "name", "team", "from_at", "until_at", "rank", "offered", "own")


@click.group()
def roster() -> None:
    """Say who is on call, and hand turns over."""


@roster.command("list")
@click.option("--own", is_flag=True, help="Their turns, and those for whoever takes.")
@frame.acting
def roster_list(by: By, *, own: bool) -> None:
    """List who is on call in the next 14 days, and when nobody is."""
    if own:
        mine = {"items": absences.mine(by.node, by=by.who).turns}
        by.lists(shapes.TurnsShown, mine, _TURNS)
        return
    found = by.gives(shapes.RosterShown, slice_.board(by.node, by=by.who))
    if found is None:
        return
    for lane in found["items"]:
        frame.say(lane["team"] or "For all teams")
        frame.table(lane["turns"], _TURNS)
        for gap in lane["gaps"]:
            first, last = (frame.moment(gap[it]) for it in ("from_at", "until_at"))
            frame.say(f"Nobody is on call from {first} until {last}.")


@roster.command("put")
@frame.acting
@taking(shapes.NewTurn)
def roster_put(by: By, given: dict[str, Any]) -> None:
    """Put somebody on call; print the id of the turn."""
    made = slice_.put(by.node, Turn(**given), by=by.who)
    by.made(shapes.TurnMade, made)


@roster.command("remove")
@click.argument("turn", type=click.UUID)
@frame.acting
def roster_remove(by: By, turn: UUID) -> None:
    """Take a turn out."""
    slice_.remove(by.node, turn, by=by.who)


@roster.command("offer")
@click.argument("turn", type=click.UUID)
@click.option("--keep", is_flag=True, help="Keep it after all.")
@frame.acting
def roster_offer(by: By, turn: UUID, *, keep: bool) -> None:
    """Look for somebody who takes the person's turn over."""
    slice_.offer(by.node, turn, by=by.who, wanted=not keep)


@roster.command("take")
@click.argument("turn", type=click.UUID)
@frame.acting
def roster_take(by: By, turn: UUID) -> None:
    """Take over a turn that somebody offered."""
    slice_.take(by.node, turn, by=by.who)
