"""What its member asks for about a case, on the terminal."""

from typing import Any
from uuid import UUID

import click

from governance.retention import Choice
from node import keeping, ladder, proxies, restricting, spoken, wishes
from node.keeping import Chosen
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import coming, going, parts
from web.schemas.api import keeping as shapes
from web.schemas.api import proxies as proxy_shapes

_HOLDS = ("by", "until", "agreed", "reason")


@click.command("escalate")
@click.argument("ref")
@frame.acting
@taking(coming.NewEscalation)
def escalate(by: By, ref: str, given: dict[str, Any]) -> None:
    """Take a case further up after a miss, or choose of an offer."""
    choice = given["choice"]
    if choice is None:
        by.settled(ladder.escalate(by.node, ref, by=by.who))
    else:
        by.settled(ladder.choose(by.node, ref, choice, by=by.who))
    found = by.gives(parts.LadderShown, ladder.stands(by.node, ref, by=by.who))
    if found is not None:
        chosen = found["choice"] and f", {found['choice'].replace('_', ' ')}"
        click.echo(f"It is at step {found['step']}{chosen or ''}.")


@click.command("somebody-else")
@click.argument("ref")
@frame.acting
def somebody_else(by: By, ref: str) -> None:
    """Ask, as its member, for somebody else."""
    change = wishes.somebody_else(by.node, ref, by=by.who)
    found = by.gives(going.WishShown, {"change": change})
    if found is not None:
        now = found["change"] == wishes.Chance.NOW
        click.echo("It goes to somebody else." if now else "A coordinator is asked.")


@click.command("proxy")
@click.argument("ref")
@frame.acting
@taking(proxy_shapes.ProxyAnswer, "answer")
def proxy(by: By, ref: str, given: dict[str, Any]) -> None:
    """Say that what somebody else told is right, or not wanted."""
    say = proxies.confirm if given["answer"] == "confirm" else proxies.object_to
    say(by.node, ref, by=by.who)


@click.command("deny")
@click.argument("ref")
@click.argument("message", type=click.UUID)
@frame.acting
def deny(by: By, ref: str, message: UUID) -> None:
    """Say that a call, letter or talk in the history never was."""
    spoken.deny(by.node, ref, message, by=by.who)


@click.command("kept")
@click.argument("ref")
@frame.acting
def kept(by: By, ref: str) -> None:
    """Show what becomes of a case, and when."""
    found = by.gives(shapes.KeptShown, keeping.show(by.node, ref, by=by.who))
    if found is None:
        return
    for name in ("phase", "since", "next", "due_at", "goes_at", "restricted_at"):
        if found[name]:
            frame.say(f"{name.replace('_', ' ') + ':':<15}{frame.moment(found[name])}")
    files = found["files"]
    if files and files["go_at"]:
        frame.say(f"files go at:   {frame.moment(files['go_at'])}, {files['number']}")
    until = frame.moment(found["kept_until"])
    if found["phase"] is None:
        click.echo("This is asked when a case is closed.", err=True)
    else:
        click.echo(f"`cases keep` would keep it until {until}.", err=True)
    if found["holds"]:
        frame.table(found["holds"], _HOLDS)


@click.command("keep")
@click.argument("ref")
@click.option("--files", is_flag=True, help="Its files as long as the case.")
@frame.acting
def keep(by: By, ref: str, *, files: bool) -> None:
    """Keep a closed case, as its member, with its name."""
    chosen = Chosen(Choice.KEEP, files=files)
    by.settled(keeping.choose(by.node, ref, chosen, by=by.who))


@click.command("rest")
@click.argument("ref")
@frame.acting
def rest(by: By, ref: str) -> None:
    """Let a case rest: it is kept, and nothing else."""
    restricting.restrict(by.node, ref, by=by.who)


@click.command("go-on")
@click.argument("ref")
@frame.acting
def go_on(by: By, ref: str) -> None:
    """Let a case that rests go on."""
    restricting.lift(by.node, ref, by=by.who)


COMMANDS = (escalate, somebody_else, proxy, deny, kept, keep, rest, go_on)
