"""How somebody is told, on the terminal."""

from typing import Any

import click

from governance.notices import Family, Pace
from node import preferences
from node.hearing import Wishes
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import notices as shapes

_HOUR = 60


@click.group()
def notices() -> None:
    """Choose how somebody is told, and when they sleep."""


@notices.command("show")
@frame.acting
def notices_show(by: By) -> None:
    """Show what the person chose, or what holds without."""
    _shown(by)


@notices.command("choose")
@click.option(
    "--pace",
    "paces",
    type=(click.Choice([*map(str, Family)]), click.Choice([*map(str, Pace)])),
    multiple=True,
    metavar="FAMILY PACE",
    help="How often of what; repeat it. What is left out stays.",
)
@frame.acting
@taking(shapes.NewWishes, without={"paces"})
def notices_choose(
    by: By, paces: tuple[tuple[str, str], ...], given: dict[str, Any]
) -> None:
    """Choose quiet hours and paces; it holds for what waits, too."""
    given["paces"] = {Family(family): Pace(pace) for family, pace in paces}
    preferences.save(by.node, Wishes(**given), by=by.who)
    _shown(by)


def _shown(by: By) -> None:
    found = by.gives(shapes.WishesShown, preferences.mine(by.node, by=by.who))
    if found is None:
        return
    quiet = (found["quiet_from"], found["quiet_to"])
    hours = " to ".join(f"{at // _HOUR:02}:{at % _HOUR:02}" for at in quiet)
    none = quiet[0] == quiet[1]
    frame.say(f"Zone {found['zone']}, quiet {'never' if none else hours}.")
    rows = [{"what": one, "pace": pace} for one, pace in found["paces"].items()]
    if rows:
        frame.table(rows, ("what", "pace"))
