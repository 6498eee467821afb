"""What is about people on the terminal: requests about their data, and absences."""

from datetime import datetime
from typing import Any
from uuid import UUID

import click
from marshmallow import ValidationError

from governance.absences import Shift
from governance.consent import Purpose
from governance.data_requests import Kind
from node import absences as away
from node import data_requests
from node.absences import Asked, Work
from node.data_requests import Answer, Wish
from web.commands import frame
from web.commands.frame import By
from web.schemas.absences import DAYS, read_hours, said_hours
from web.schemas.api import absences as shapes
from web.schemas.api import data_requests as request_shapes

_REQUESTS = ("id", "kind", "purpose", "state", "received_at", "due_at", "late")
_ABSENCES = ("id", "from_at", "until_at", "now", "deputies")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def requests() -> None:
    """Answer what members ask about their own data."""


@requests.command("list")
@click.option("--own", is_flag=True, help="What they asked themselves.")
@click.option("--settled", is_flag=True, help="The newest of what was answered.")
@frame.acting
def requests_list(by: By, *, own: bool, settled: bool) -> None:
    """List what is to be answered, the most urgent first."""
    if own:
        mine = {"items": data_requests.mine(by.node, by=by.who)}
        by.lists(request_shapes.RequestsShown, mine, (*_REQUESTS, "answer"))
        return
    found = data_requests.listed(by.node, by=by.who)
    part = "settled" if settled else "open"
    by.lists(request_shapes.RequestsWaiting, found, _REQUESTS, part)


@requests.command("show")
@click.argument("request", type=click.UUID)
@frame.acting
def requests_show(by: By, request: UUID) -> None:
    """Show one request; its member sees that it was read."""
    opened = data_requests.one(by.node, request, by=by.who)
    found = by.gives(request_shapes.RequestOpened, opened)
    if found is None:
        return
    frame.say(f"{found['kind']}, {found['name']}, by {frame.moment(found['due_at'])}\n")
    frame.say(found["words"])
    if found["answer"]:
        frame.say(f"\n{found['by_name']}: {found['answer']}")


@requests.command("ask")
@click.argument("kind", type=click.Choice([*map(str, Kind)]))
@click.option("--purpose", type=click.Choice([*map(str, Purpose)]), help="Objected to.")
@frame.says("words", "What is asked.")
@frame.acting
def requests_ask(by: By, kind: str, purpose: str | None, words: str) -> None:
    """Ask, as a member, about one's own data; print the id."""
    wish = Wish(Kind(kind), words, Purpose(purpose) if purpose else None)
    by.made(request_shapes.RequestMade, data_requests.ask(by.node, wish, by=by.who))


@requests.command("answer")
@click.argument("request", type=click.UUID)
@frame.says("words", "The answer.")
@frame.acting
def requests_answer(by: By, request: UUID, words: str) -> None:
    """Answer a request."""
    data_requests.settle(by.node, request, Answer(words), by=by.who)


@requests.command("longer")
@click.argument("request", type=click.UUID)
@frame.says("why", "Why it takes longer.")
@frame.acting
def requests_longer(by: By, request: UUID, why: str) -> None:
    """Take two more months for a request that is difficult."""
    data_requests.lengthen(by.node, request, why, by=by.who)


@requests.command("refuse")
@click.argument("request", type=click.UUID)
@click.option("--complain", required=True, help="Whom the member can turn to.")
@frame.says("words", "Why it is refused.")
@frame.acting
def requests_refuse(by: By, request: UUID, complain: str, words: str) -> None:
    """Refuse a request, with the reason and whom to complain to."""
    said = Answer(words, refused=True, complain=complain)
    data_requests.settle(by.node, request, said, by=by.who)


@click.group()
def absences() -> None:
    """Say when somebody at the desk is away."""


@absences.command("list")
@frame.acting
def absences_list(by: By) -> None:
    """List when the person is away, now and to come."""
    by.lists(shapes.Absences, away.mine(by.node, by=by.who), _ABSENCES)


@absences.command("say")
@click.option("--first", required=True, type=_DAY, help="The first whole day.")
@click.option("--last", required=True, type=_DAY, help="The last whole day.")
@click.option("--deputy", "deputies", multiple=True, type=click.UUID, help="Repeat it.")
@frame.acting
def absences_say(
    by: By, first: datetime, last: datetime, deputies: tuple[UUID, ...]
) -> None:
    """Say that the person is away; print the id."""
    asked = Asked(first=first.date(), last=last.date(), deputies=list(deputies))
    by.made(shapes.AbsenceMade, away.say(by.node, asked, by=by.who))


@absences.command("end")
@click.argument("absence", type=click.UUID)
@frame.acting
def absences_end(by: By, absence: UUID) -> None:
    """Take an absence back, or be back before its end."""
    away.call_off(by.node, absence, by=by.who)


def _shifts(
    _: click.Context, param: click.Parameter, given: tuple[tuple[str, str], ...]
) -> list[Shift]:
    try:
        return [it for day, text in given for it in read_hours(DAYS.index(day), text)]
    except ValidationError as error:
        said = "hours look like 09:00-12:00,13:00-17:00"
        raise click.BadParameter(said, param=param) from error


@absences.command("hours")
@frame.acting
def absences_hours(by: By) -> None:
    """Show when the person can be asked, for what, and how much at once."""
    said = away.work(by.node, by=by.who)
    found = by.gives(shapes.WorkShown, said)
    if found is None:
        return
    days = {day: said_hours(said.shifts, at) for at, day in enumerate(DAYS)}
    rows = [{"what": name, "said": value} for name, value in {**found, **days}.items()]
    frame.table([row for row in rows if row["what"] != "shifts"], ("what", "said"))


@absences.command("set-hours")
@click.option("--language", "languages", multiple=True, help="Repeat it.")
@click.option("--skill", "skills", multiple=True, help="A topic; repeat it.")
@click.option("--area", help="Where they live: the code of a place.")
@click.option("--capacity", type=click.IntRange(0), help="How many cases at once.")
@click.option(
    "--on",
    "shifts",
    type=(click.Choice(DAYS), str),
    multiple=True,
    callback=_shifts,
    metavar="DAY HOURS",
    help="Such as: mon 09:00-12:00,13:00-17:00; repeat it. Without, always.",
)
@frame.acting
def absences_set_hours(by: By, **given: Any) -> None:
    """Say all of it anew; it counts for the next case."""
    away.save(by.node, Work(**given), by=by.who)
