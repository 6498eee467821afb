"""Conflicts of interest on the terminal: what one declares, says and decides."""

from typing import Any
from uuid import UUID

import click

from node import challenges
from node import interests as slice_
from node.commands.walls import walls
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import coming
from web.schemas.api import walls as shapes

_WALLS = ("id", "reference", "person", "cause", "stage", "stands", "reason")
_INTERESTS = ("id", "kind", "declared_at", "subject")
__all__ = ["interests", "walls"]


@walls.command("waiting")
@frame.acting
def walls_waiting(by: By) -> None:
    """List the walls somebody can decide about, or appeal for."""
    found = {"items": challenges.waiting(by.node, by=by.who)}
    by.lists(shapes.Walls, found, _WALLS)


@walls.command("of")
@click.argument("ref")
@frame.acting
def walls_of(by: By, ref: str) -> None:
    """List what was said about a case; to its member, what they said."""
    _shown(by, ref)


@walls.command("put-up")
@click.argument("ref")
@click.argument("whom", type=click.UUID)
@frame.acting
@taking(coming.NewWall, without={"person"}, asks="reason")
def walls_put_up(by: By, ref: str, whom: UUID, given: dict[str, Any]) -> None:
    """Say that somebody must not come near a case; of oneself, it holds at once."""
    said = given["reason"]
    by.settled(challenges.challenge(by.node, ref, whom, said, by=by.who))
    if whom == by.who.person_id:
        # Who spoke of themselves sees nothing of it now.
        by.lists(shapes.Walls, {"items": ()}, _WALLS)
    else:
        _shown(by, ref)


@walls.command("veto")
@click.argument("ref")
@frame.acting
@taking(coming.NewWall, without={"person"})
def walls_veto(by: By, ref: str, given: dict[str, Any]) -> None:
    """Say, as its member, that whoever has the case shall not have it."""
    by.settled(challenges.veto(by.node, ref, given["reason"], by=by.who))
    _shown(by, ref)


@walls.command("uphold")
@click.argument("wall", type=click.UUID)
@frame.acting
def walls_uphold(by: By, wall: UUID) -> None:
    """Decide that a wall stands."""
    by.settled(challenges.decide(by.node, wall, stands=True, by=by.who))


@walls.command("lift")
@click.argument("wall", type=click.UUID)
@frame.acting
def walls_lift(by: By, wall: UUID) -> None:
    """Decide that a wall does not stand."""
    by.settled(challenges.decide(by.node, wall, stands=False, by=by.who))


@walls.command("appeal")
@click.argument("wall", type=click.UUID)
@frame.acting
def walls_appeal(by: By, wall: UUID) -> None:
    """Have a steward look again at a wall that was lifted."""
    challenges.appeal(by.node, wall, by=by.who)


def _shown(by: By, ref: str) -> None:
    found = {"items": challenges.of_case(by.node, ref, by=by.who)}
    by.lists(shapes.Walls, found, _WALLS)


@click.group()
def interests() -> None:
    """Declare what somebody at the desk has to do with."""


@interests.command("list")
@frame.acting
def interests_list(by: By) -> None:
    """List what the person declared. Nobody else reads it."""
    by.lists(shapes.Interests, {"items": slice_.mine(by.node, by=by.who)}, _INTERESTS)


@interests.command("declare")
@frame.acting
@taking(coming.NewInterest, "kind")
def interests_declare(by: By, given: dict[str, Any]) -> None:
    """Declare an interest: cases that it meets are gone from then on."""
    made = slice_.declare(by.node, given["kind"], given["subject"], by=by.who)
    by.made(shapes.InterestMade, made)


@interests.command("withdraw")
@click.argument("interest", type=click.UUID)
@frame.acting
def interests_withdraw(by: By, interest: UUID) -> None:
    """Take an interest back, for cases to come."""
    slice_.withdraw(by.node, interest, by=by.who)
