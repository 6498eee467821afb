"""How a case was handled, on the terminal."""

from typing import Any
from uuid import UUID

import click

from node import feedback as slice_
from node.feedback import Prepared, Said
from node.ids import new_id
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import feedback as shapes


@click.group()
def feedback() -> None:
    """Say how a case was handled, and answer it."""


@feedback.command("show")
@click.argument("ref")
@frame.acting
def feedback_show(by: By, ref: str) -> None:
    """Show what was said about how a case was handled, and the answer."""
    _shown(by, ref)


@feedback.command("give")
@click.argument("ref")
@frame.acting
@taking(shapes.NewFeedback)
def feedback_give(by: By, ref: str, given: dict[str, Any]) -> None:
    """Say, as its member, how a closed case was handled: from 1, bad, to 5, good."""
    slice_.give(by.node, ref, Said(new_id(by.node), **given), by=by.who)
    _shown(by, ref)


@feedback.command("take-back")
@click.argument("ref")
@frame.acting
def feedback_take_back(by: By, ref: str) -> None:
    """Take back, as its member, what was said."""
    slice_.take_back(by.node, ref, by=by.who)


@feedback.command("answer")
@click.argument("ref")
@frame.acting
@taking(shapes.NewFeedbackAnswer)
def feedback_answer(by: By, ref: str, given: dict[str, Any]) -> None:
    """Answer, once, what was said about one's own work."""
    slice_.answer(by.node, ref, given["text"], by=by.who)
    _shown(by, ref)


@feedback.command("copy")
@click.argument("ref")
@frame.acting
@taking(shapes.NewCopy)
def feedback_copy(by: By, ref: str, given: dict[str, Any]) -> None:
    """Keep a copy without names, and ask two others to look at it."""
    slice_.prepare(by.node, ref, Prepared(**given), by=by.who)
    _shown(by, ref)


@feedback.command("copies")
@frame.acting
def feedback_copies(by: By) -> None:
    """List the copies somebody is asked to look at."""
    found = {"items": slice_.listed(by.node, by=by.who)}
    by.lists(shapes.CopyList, found, ("id", "asked_at", "done"))


@feedback.command("read")
@click.argument("copy", type=click.UUID)
@frame.acting
def feedback_read(by: By, copy: UUID) -> None:
    """Read one copy; the member sees that it was read."""
    _opened(by, copy)


@feedback.command("find")
@click.argument("copy", type=click.UUID)
@frame.acting
@taking(shapes.NewFinding)
def feedback_find(by: By, copy: UUID, given: dict[str, Any]) -> None:
    """Say, once, what one finds in a copy."""
    slice_.find(by.node, copy, given["text"], by=by.who)
    _opened(by, copy)


@feedback.command("decline")
@click.argument("copy", type=click.UUID)
@frame.acting
def feedback_decline(by: By, copy: UUID) -> None:
    """Say that one cannot look at a copy; somebody else is asked."""
    slice_.decline(by.node, copy, by=by.who)


def _opened(by: By, copy: UUID) -> None:
    found = by.gives(shapes.CopyOpened, slice_.one(by.node, copy, by=by.who))
    if found is None:
        return
    frame.say(found["text"])
    if found["finding"]:
        frame.say(f"\nFound: {found['finding']}")


def _shown(by: By, ref: str) -> None:
    found = by.gives(shapes.FeedbackShown, slice_.show(by.node, ref, by=by.who))
    if found is None:
        return
    it = found["said"]
    if it is None:
        click.echo("Nothing was said about it.", err=True)
        return
    whom = f", about {it['about']}" if it["about"] else ""
    frame.say(f"{frame.moment(it['given_at'])}  {it['rating']} of 5{whom}")
    if it["text"]:
        frame.say(f"  {it['text']}")
    if it["answered_at"]:
        frame.say(f"{frame.moment(it['answered_at'])}  {it['answered_by']}")
        frame.say(f"  {it['answer']}")
    if found["review"]:
        _reviewed(found["review"])


def _reviewed(review: dict[str, Any]) -> None:
    click.echo(f"{review['found']} of {review['asked']} others are done.", err=True)
    for text in review["findings"]:
        frame.say(f"Found: {text}")
