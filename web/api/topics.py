"""Topics, for programs of those who share out cases."""

from collections.abc import Mapping
from typing import Any

from governance.cases import Kind
from node import marking, suggesting, teams, topics_desk
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import topics as shapes

slice_ = Slice("topics", "Topics: what is open in each, and which teams take it.")


@operation(slice_, "GET", "/topics", Shape(gives=shapes.TopicsShown))
def index() -> Mapping[str, object]:
    """List every topic with what one may know of its cases."""
    return {"items": topics_desk.every(current.node(), by=current.visitor()).lines}


@operation(
    slice_,
    "POST",
    "/topics/<code>/teams",
    Shape(takes=shapes.NewTakers, status=204),
)
def choose(given: dict[str, Any], code: str) -> Answer:
    """Let exactly these teams take a topic."""
    teams.choose(current.node(), code, given["teams"], by=current.visitor())
    return Answer()


@operation(slice_, "GET", "/topics/<code>/words", Shape(gives=shapes.RulesShown))
def rules(code: str) -> Mapping[str, object]:
    """List the rules that suggest a topic at triage."""
    found = suggesting.of_topic(current.node(), code, by=current.visitor())
    return {"items": found}


@operation(
    slice_,
    "POST",
    "/topics/<code>/words",
    Shape(takes=shapes.NewRule, status=204),
)
def suggest(given: dict[str, Any], code: str) -> Answer:
    """Let these words suggest a topic and a kind at triage."""
    chosen = {Kind(given["kind"]): given["words"]}
    suggesting.change(current.node(), code, chosen, by=current.visitor())
    return Answer()


@operation(
    slice_,
    "POST",
    "/topics/<code>/alone",
    Shape(takes=shapes.NewAlone, status=204),
)
def ask(given: dict[str, Any], code: str) -> Answer:
    """Ask that a rule sorts by itself, or have a person sort again."""
    node, kind, by = current.node(), Kind(given["kind"]), current.visitor()
    if given["urgent"]:
        marking.ask(node, code, kind, given["urgent"], by=by)
    else:
        marking.stop(node, code, kind, by=by)
    return Answer()


@operation(
    slice_,
    "POST",
    "/topics/<code>/alone/agree",
    Shape(takes=shapes.Agreed, status=204),
)
def agree(given: dict[str, Any], code: str) -> Answer:
    """Agree as the second person that a rule sorts by itself."""
    marking.agree(current.node(), code, given["rule"], by=current.visitor())
    return Answer()
