"""Common matters on the terminal; to join one is a move of the case itself."""

from collections.abc import Mapping
from typing import Any

import click

from node import together as slice_
from node.ids import new_id
from node.resolutions import claiming
from node.threads import Words
from node.together import marks
from web import casefiles
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import together as shapes

_OFFERS = ("reference", "topic", "joined", "since", "about")
_DUE = ("mark", "since", "done", "may_settle")
#: Where nothing of this is there, nothing goes on together.
_ANY = ("about", "joined", "offers", "due", "counted")
#: What is said in a line of its own, if there is anything to say.
_LINES = (
    ("about", "about"),
    ("joined", "counted"),
    ("named to others", "to_joiners"),
    ("named outside", "to_respondent"),
)


@click.group()
def together() -> None:
    """Let cases go on together, and write to all who joined."""


@together.command("show")
@click.argument("ref")
@frame.acting
def together_show(by: By, ref: str) -> None:
    """Show what a case can join or goes on with; to the desk, who joined."""
    _shown(by, ref)


@together.command("open")
@click.argument("ref")
@frame.acting
@taking(shapes.NewMatter)
def together_open(by: By, ref: str, given: dict[str, Any]) -> None:
    """Let others join a case whose member agreed to that."""
    by.settled(slice_.open_matter(by.node, ref, given["about"], by=by.who))
    _shown(by, ref)


@together.command("update")
@click.argument("ref")
@frame.acting
@taking(shapes.NewUpdate)
def together_update(by: By, ref: str, given: dict[str, Any]) -> None:
    """Write to everybody who joined, and to the member of the case itself."""
    words = Words(new_id(by.node), given["text"])
    by.settled(slice_.update(by.node, ref, words, by=by.who).ticket)
    _shown(by, ref)


@together.command("leave")
@click.argument("ref")
@frame.acting
def together_leave(by: By, ref: str) -> None:
    """Leave a common matter; `cases reopen` takes the case up alone."""
    by.settled(slice_.leave(by.node, ref, by=by.who))


@together.command("answer")
@click.argument("ref")
@frame.acting
@taking(shapes.ClaimAnswered, "answer")
def together_answer(by: By, ref: str, given: dict[str, Any]) -> None:
    """Say whether a common matter is solved for one's own claim."""
    text = given["text"]
    words = Words(new_id(by.node), text) if text.strip() else None
    by.settled(claiming.answer(by.node, ref, given["answer"], by=by.who, words=words))
    _shown(by, ref)


@together.command("settle")
@click.argument("ref")
@frame.acting
@taking(shapes.MarkSettled, "mark")
def together_settle(by: By, ref: str, given: dict[str, Any]) -> None:
    """Say that what was due because so many joined is done."""
    by.settled(marks.settle(by.node, ref, given["mark"], by=by.who))
    _shown(by, ref)


def _shown(by: By, ref: str) -> None:
    found = by.gives(shapes.TogetherShown, casefiles.together(by.node, ref, by=by.who))
    if found is None:
        return
    if not any(found.get(name) for name in _ANY):
        click.echo("Nothing.", err=True)
    for title, name in _LINES:
        if found.get(name):
            _line(title, found[name])
    if found.get("joined"):
        _matter(found["joined"])
    if found.get("tally"):
        _tally(found["tally"])
    if found.get("due"):
        frame.table(found["due"], _DUE)
    if found.get("offers"):
        click.echo("Can be joined:")
        frame.table(found["offers"], _OFFERS)


def _matter(joined: Mapping[str, Any]) -> None:
    _line("goes on with", joined["reference"])
    _line("about", joined["about"])
    _line("state", joined["state"].replace("_", " "))
    _line("joined", joined["joined"])
    _line("agrees to", joined["agrees"])
    _line("your answer", joined["answer"])


def _tally(tally: Mapping[str, Any]) -> None:
    said = ", ".join(
        f"{value} {name.replace('_', ' ')}" for name, value in tally.items()
    )
    _line("they say", said)


def _line(title: str, value: object) -> None:
    if value in (None, "", []):
        return
    text = ", ".join(map(str, value)) if isinstance(value, list) else value
    frame.say(f"{title + ':':<17}{text}")
