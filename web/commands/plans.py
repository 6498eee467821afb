"""The plan of a case on the terminal."""

from typing import Any
from uuid import UUID

import click

from governance.plans import Owner
from node import plans
from node.ids import new_id
from node.plans import NewStep
from web.commands import frame
from web.commands.frame import By
from web.commands.taking import taking
from web.schemas.api import plans as shapes

_STEPS = ("id", "owner", "due_at", "late", "done_at", "done_by", "title")


@click.group()
def plan() -> None:
    """Say what is to be done in a case, and what is done."""


@plan.command("list")
@click.argument("ref")
@frame.acting
def plan_list(by: By, ref: str) -> None:
    """List the steps of a plan; what is due first comes first."""
    _shown(by, ref)


@plan.command("add")
@click.argument("ref")
@frame.acting
@taking(shapes.NewPlanStep)
def plan_add(by: By, ref: str, given: dict[str, Any]) -> None:
    """Add a step to the plan of a case."""
    given["owner"] = Owner(given["owner"])
    plans.add(by.node, ref, NewStep(new_id(by.node), **given), by=by.who)
    _shown(by, ref)


@plan.command("done")
@click.argument("ref")
@click.argument("step", type=click.UUID)
@frame.acting
def plan_done(by: By, ref: str, step: UUID) -> None:
    """Say that a step is done: a member of their own, the desk of all."""
    plans.done(by.node, ref, step, by=by.who)
    _shown(by, ref)


@plan.command("undo")
@click.argument("ref")
@click.argument("step", type=click.UUID)
@frame.acting
def plan_undo(by: By, ref: str, step: UUID) -> None:
    """Say that a step is not done after all."""
    plans.undo(by.node, ref, step, by=by.who)


@plan.command("remove")
@click.argument("ref")
@click.argument("step", type=click.UUID)
@frame.acting
def plan_remove(by: By, ref: str, step: UUID) -> None:
    """Take a step out of the plan, with its words."""
    plans.remove(by.node, ref, step, by=by.who)


def _shown(by: By, ref: str) -> None:
    by.lists(shapes.PlanShown, plans.show(by.node, ref, by=by.who), _STEPS, at="steps")
