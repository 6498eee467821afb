"""What stewards look after, on the terminal: holds, breaches, and the queue of work."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import click

from governance.breaches import Step
from node import holding, jobs_desk
from node.access import breaches as slice_
from web.commands import frame
from web.commands.frame import By
from web.schemas.api import breaches as breach_shapes
from web.schemas.api import jobs as job_shapes
from web.schemas.api import keeping as hold_shapes

_HOLDS = ("id", "reference", "by", "until", "asked_until", "agreed", "reason")
_BREACHES = ("id", "state", "found_at", "due_at", "late", "people", "steps")


@click.group()
def holds() -> None:
    """Hold cases back from erasure, for legal reasons."""


@holds.command("list")
@frame.acting
def holds_list(by: By) -> None:
    """List what is held now."""
    found = {"items": holding.listed(by.node, by=by.who)}
    by.lists(hold_shapes.HoldsShown, found, _HOLDS)


@holds.command("put-up")
@click.argument("ref")
@click.option(
    "--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day it ends."
)
@frame.says("reason", "Why. The member reads it.")
@frame.acting
def holds_put_up(by: By, ref: str, until: datetime, reason: str) -> None:
    """Hold a case for a day; until its day once another steward agrees."""
    end = until.replace(tzinfo=UTC)
    id_ = holding.put_up(by.node, ref, reason, end, by=by.who)
    by.made(hold_shapes.HoldMade, id_)


@holds.command("agree")
@click.argument("hold", type=click.UUID)
@frame.acting
def holds_agree(by: By, hold: UUID) -> None:
    """Agree to a hold, as the second person."""
    holding.agree(by.node, hold, by=by.who)


@holds.command("end")
@click.argument("hold", type=click.UUID)
@frame.acting
def holds_end(by: By, hold: UUID) -> None:
    """End a hold before its day."""
    holding.end(by.node, hold, by=by.who)


@click.group()
def breaches() -> None:
    """Keep the log of breaches."""


@breaches.command("list")
@frame.acting
def breaches_list(by: By) -> None:
    """List the newest breaches, and what can be done about each."""
    found = {"items": slice_.listed(by.node, by=by.who)}
    by.lists(breach_shapes.BreachesShown, found, _BREACHES)


@breaches.command("show")
@click.argument("breach", type=click.UUID)
@frame.acting
def breaches_show(by: By, breach: UUID) -> None:
    """Show what was done about a breach."""
    line, steps = slice_.one(by.node, breach, by=by.who)
    found = {**asdict(line), "done": steps}
    columns = ("at", "step", "name", "words")
    by.lists(breach_shapes.BreachOpened, found, columns, "done")


@breaches.command("report")
@click.option("--hours", default=0, type=click.IntRange(0), help="Known since; hours.")
@click.option("--people", type=click.IntRange(0), help="About how many it is.")
@frame.says("words", "What got where it should not.")
@frame.acting
def breaches_report(by: By, hours: int, people: int | None, words: str) -> None:
    """Write a breach down and start its clock; print its id."""
    ago = timedelta(hours=hours)
    id_ = slice_.report(by.node, words, ago, people, by=by.who)
    by.made(breach_shapes.BreachMade, id_)


@breaches.command("step")
@click.argument("breach", type=click.UUID)
@click.argument("step", type=click.Choice([*map(str, Step)]))
@frame.says("words", "What exactly was done.")
@frame.acting
def breaches_step(by: By, breach: UUID, step: str, words: str) -> None:
    """Write down what was done about a breach."""
    slice_.act(by.node, breach, Step(step), words, by=by.who)


@click.group()
def jobs() -> None:
    """Look at the queue of work."""


@jobs.command("list")
@frame.acting
def jobs_list(by: By) -> None:
    """List what waits by its kind, and what was given up."""
    found = by.gives(job_shapes.OwedShown, jobs_desk.owed(by.node, by=by.who))
    if found is None:
        return
    frame.table(found["kinds"], ("name", "waiting", "due", "tried", "next_at"))
    if found["given_up"]:
        click.echo("\nGiven up:")
        columns = ("id", "kind", "attempts", "dead_at", "problem")
        frame.table(found["given_up"], columns)


@jobs.command("again")
@click.argument("job", type=click.IntRange(1))
@frame.acting
def jobs_again(by: By, job: int) -> None:
    """Have work that was given up tried again."""
    jobs_desk.again(by.node, job, by=by.who)
