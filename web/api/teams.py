"""Teams, for programs of those who share out cases."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import teams
from node.teams import Described, Shown
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import coming
from web.schemas.api import teams as shapes

slice_ = Slice("teams", "Teams: who is in one, what comes to it, and by which method.")


@operation(slice_, "GET", "/teams", Shape(gives=shapes.TeamsShown))
def index() -> Mapping[str, object]:
    """List every team."""
    return {"items": teams.every(current.node(), by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/teams",
    Shape(gives=shapes.TeamMade, takes=shapes.NewTeam, status=201),
)
def create(given: dict[str, Any]) -> Mapping[str, object]:
    """Make a team, with oneself as its coordinator."""
    made = teams.create(current.node(), Described(**given), by=current.visitor())
    return {"id": made}


@operation(slice_, "GET", "/teams/<uuid:team_id>", Shape(gives=shapes.TeamShown))
def show(team_id: UUID) -> Shown:
    """Return one team."""
    return teams.show(current.node(), team_id, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/teams/<uuid:team_id>",
    Shape(gives=shapes.TeamShown, takes=shapes.NewTeam),
)
def edit(given: dict[str, Any], team_id: UUID) -> Shown:
    """Change what a team is for; what it has already stays where it is."""
    node, who = current.node(), current.visitor()
    teams.edit(node, team_id, Described(**given), by=who)
    return teams.show(node, team_id, by=who)


@operation(
    slice_,
    "POST",
    "/teams/<uuid:team_id>/people/<uuid:person_id>",
    Shape(takes=shapes.NewPlace, status=204),
)
def place(given: dict[str, Any], team_id: UUID, person_id: UUID) -> Answer:
    """Put somebody into a team, change their part in it, or take them out."""
    where, who = given["place"], current.visitor()
    teams.place(current.node(), team_id, person_id, where, by=who)
    return Answer()


@operation(
    slice_,
    "POST",
    "/teams/<uuid:team_id>/close",
    Shape(takes=coming.Nothing, status=204),
)
def close(given: dict[str, Any], team_id: UUID) -> Answer:
    """Let no new case come to a team; what it has stays in its queue."""
    del given
    teams.close(current.node(), team_id, by=current.visitor())
    return Answer()
