"""Which teams take a topic, chosen from the side of the topic."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from governance.assignments import Method
from governance.errors import ChoiceInvalid, NotFound
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.teams import Team
from node.teams.keeping import change, require
from node.teams.routing import ALL, open_ones
from node.teams.shapes import Described
from node.topics import STARTER


def choose(node: Node, topic: str, takers: Collection[UUID], *, by: Visitor) -> None:
    """Let exactly these teams take a topic, and no other; closed ones stay as they are.

    A team keeps at least one topic: without any it would take all of them.
    """
    if topic not in STARTER:
        raise NotFound("There is no such topic here.")
    with node.begin() as tx:
        require(node, tx, by)
        teams = open_ones(tx)
        if not set(takers) <= {team.id for team in teams}:
            raise ChoiceInvalid("Choose from the list.", field="teams")
        for team in teams:
            kept = _with(topic, team, takes=team.id in takers)
            if not kept:
                raise ChoiceInvalid(
                    "A team keeps at least one topic. Give it another, or close it.",
                    field="teams",
                )
            if set(kept) != set(covered(team)):
                change(tx, team, replace(_described(team), topics=kept))


def covered(team: Team) -> tuple[str, ...]:
    """Return the topics that lead to a team."""
    return STARTER if team.topics == ALL else tuple(team.topics.split())


def _with(topic: str, team: Team, *, takes: bool) -> tuple[str, ...]:
    known = set(covered(team)) - {topic} | ({topic} if takes else set())
    return tuple(one for one in STARTER if one in known)


def _described(team: Team) -> Described:
    areas = () if team.areas == ALL else tuple(team.areas.split())
    return Described(team.name, Method(team.method), covered(team), areas)
