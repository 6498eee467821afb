"""Teams and topics on the terminal, for those who share out cases."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import click

from governance.assignments import Method
from governance.cases import Kind
from governance.methods import METHODS
from node import marking, suggesting, topics_desk
from node import teams as slice_
from node.suggesting import KINDS
from node.teams import Described, Place
from web.commands import frame
from web.commands.frame import By
from web.schemas.api import teams as shapes
from web.schemas.api import topics as topic_shapes

_RULES = ("rule", "kind", "words", "alone", "waits", "urgent")
_TEAMS = ("id", "name", "method", "topics", "areas", "lacks", "closed")
_TOPICS = ("code", "open", "to_triage", "due_at", "late", "teams")
_OUT = "out"


def _for(command: Callable[..., None]) -> Callable[..., None]:
    options = (
        click.option(
            "--method",
            type=click.Choice([str(it) for it in METHODS]),
            default=str(Method.TAKE_NEXT),
            show_default=True,
            help="How a case comes to somebody.",
        ),
        click.option("--topic", "topics", multiple=True, help="Only this; repeat it."),
        click.option("--area", "areas", multiple=True, help="Only there; repeat it."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _described(name: str, given: dict[str, Any]) -> Described:
    return Described(name=name, **{**given, "method": Method(given["method"])})


@click.group()
def teams() -> None:
    """Make teams, and put people into them."""


@teams.command("list")
@frame.acting
def teams_list(by: By) -> None:
    """List every team; `lacks` says which part nobody has."""
    by.lists(shapes.TeamsShown, {"items": slice_.every(by.node, by=by.who)}, _TEAMS)


@teams.command("show")
@click.argument("team", type=click.UUID)
@frame.acting
def teams_show(by: By, team: UUID) -> None:
    """Show who is in a team."""
    found = slice_.show(by.node, team, by=by.who)
    by.lists(shapes.TeamShown, found, ("id", "name", "place"), "people")


@teams.command("create")
@click.argument("name")
@_for
@frame.acting
def teams_create(by: By, name: str, **given: Any) -> None:
    """Make a team, coordinated by who makes it; print its id."""
    made = slice_.create(by.node, _described(name, given), by=by.who)
    by.made(shapes.TeamMade, made)


@teams.command("edit")
@click.argument("team", type=click.UUID)
@click.option("--name", required=True, help="What it is called from now on.")
@_for
@frame.acting
def teams_edit(by: By, team: UUID, name: str, **given: Any) -> None:
    """Change what a team is for: all of it, as the options say."""
    slice_.edit(by.node, team, _described(name, given), by=by.who)


@teams.command("place")
@click.argument("team", type=click.UUID)
@click.argument("whom", type=click.UUID)
@click.argument("place", type=click.Choice([*map(str, Place), _OUT]))
@frame.acting
def teams_place(by: By, team: UUID, whom: UUID, place: str) -> None:
    """Put somebody into a team, or take them out."""
    where = None if place == _OUT else Place(place)
    slice_.place(by.node, team, whom, where, by=by.who)


@teams.command("close")
@click.argument("team", type=click.UUID)
@frame.acting
def teams_close(by: By, team: UUID) -> None:
    """Let no new case come to a team."""
    slice_.close(by.node, team, by=by.who)


@click.group()
def topics() -> None:
    """Look at topics, and which teams take them."""


@topics.command("list")
@frame.acting
def topics_list(by: By) -> None:
    """List every topic with what one may know of its cases."""
    found = {"items": topics_desk.every(by.node, by=by.who).lines}
    by.lists(topic_shapes.TopicsShown, found, _TOPICS)


@topics.command("choose")
@click.argument("code")
@click.option("--team", "chosen", multiple=True, type=click.UUID, help="Repeat it.")
@frame.acting
def topics_choose(by: By, code: str, chosen: tuple[UUID, ...]) -> None:
    """Let exactly these teams take a topic."""
    slice_.choose(by.node, code, list(chosen), by=by.who)


@topics.command("show")
@click.argument("code")
@frame.acting
def topics_show(by: By, code: str) -> None:
    """Show the words that suggest a topic at triage."""
    found = {"items": suggesting.of_topic(by.node, code, by=by.who)}
    by.lists(topic_shapes.RulesShown, found, _RULES)


@topics.command("words")
@click.argument("code")
@click.option("--kind", required=True, type=click.Choice([str(it) for it in KINDS]))
@click.option("--word", "words", multiple=True, help="Repeat it; without, none do.")
@frame.acting
def topics_words(by: By, code: str, kind: str, words: tuple[str, ...]) -> None:
    """Let exactly these words suggest a topic and a kind at triage."""
    suggesting.change(by.node, code, {Kind(kind): words}, by=by.who)


@topics.command("alone")
@click.argument("code")
@click.option("--kind", required=True, type=click.Choice([str(it) for it in KINDS]))
@click.option("--urgent", multiple=True, help="Repeat it; without, a person sorts.")
@frame.acting
def topics_alone(by: By, code: str, kind: str, urgent: tuple[str, ...]) -> None:
    """Ask that a rule sorts by itself what has none of these urgent words."""
    if urgent:
        marking.ask(by.node, code, Kind(kind), urgent, by=by.who)
    else:
        marking.stop(by.node, code, Kind(kind), by=by.who)


@topics.command("agree")
@click.argument("code")
@click.argument("rule")
@frame.acting
def topics_agree(by: By, code: str, rule: str) -> None:
    """Agree as the second person that exactly this rule sorts by itself."""
    marking.agree(by.node, code, rule, by=by.who)
