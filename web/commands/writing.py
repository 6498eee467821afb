"""Writing in a case on the terminal: words come from a file or standard input."""

from typing import Any
from uuid import UUID

import click

from governance.intake import Channel
from node import acting, resolutions, submissions
from node import spoken as slice_
from node.explaining import explain
from node.ids import new_id
from node.spoken import Heard
from node.submissions import Told
from node.threads import Words, Written
from web import casefiles
from web.commands import frame, moves
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import coming, going
from web.schemas.api import spoken as shapes


@click.command("reply")
@click.argument("ref")
@frame.says("text", "The message.")
@frame.acting
def reply(by: By, ref: str, text: str) -> None:
    """Write to the member; or, as the member, to the desk."""
    said = Words(new_id(by.node), text)
    _written(by, ref, acting.say(by.node, ref, said, by=by.who))


@click.command("spoken")
@click.argument("ref")
@frame.acting
@taking(shapes.NewSpoken)
def spoken(by: By, ref: str, given: dict[str, Any]) -> None:
    """Write down what was said or on paper; its member is told."""
    given["channel"] = Channel(given["channel"])
    heard = Heard(id=new_id(by.node), **given)
    _written(by, ref, slice_.note(by.node, ref, heard, by=by.who))


@click.command("tried")
@click.argument("ref")
@frame.acting
@taking(shapes.NewTry)
def tried(by: By, ref: str, given: dict[str, Any]) -> None:
    """Write down that nobody answered when its member was tried."""
    way = Channel(given["channel"])
    by.settled(slice_.tried(by.node, ref, way, by=by.who))


@click.command("missed")
@click.argument("ref")
@click.argument("pledge", type=click.UUID)
@frame.acting
@taking(coming.NewCause)
def missed(by: By, ref: str, pledge: UUID, given: dict[str, Any]) -> None:
    """Say why a promise was missed, as whoever shares out the case."""
    by.settled(explain(by.node, ref, pledge, given["cause"], by=by.who))


def _written(by: By, ref: str, written: Written) -> None:
    by.settled(written.ticket)
    url = casefiles.receipt_url(ref, written.seq)
    if by.gives(going.MessageMade, {"seq": written.seq, "receipt_url": url}):
        click.echo(f"It is entry {written.seq} of {ref}.")


@click.command("answer-now")
@click.argument("ref")
@frame.says("text", "The answer.")
@frame.acting
def answer_now(by: By, ref: str, text: str) -> None:
    """Take a question, thanks or information, and answer it."""
    said = Words(new_id(by.node), text)
    by.settled(resolutions.answer_now(by.node, ref, said, by=by.who).ticket)
    moves.after(by, ref)


@click.command("tell")
@frame.says("text", "What happened.")
@click.option("--wanted", default="", help="What would put it right.")
@click.option("--topic", default="", help="A code, such as housing.")
@click.option("--area", help="Where: the code of a place.")
@click.option("--language", default="en", show_default=True)
@frame.acting
def tell(by: By, text: str, **given: Any) -> None:
    """Tell what happened, as a member: it becomes a case."""
    told = Told(id=new_id(by.node), text=text, channel=Channel.API, **given)
    made = submissions.submit(by.node, told, by=by.who)
    by.settled(made.ticket)
    if by.gives(going.SubmissionMade, casefiles.told(made)) is not None:
        click.echo(made.reference)
