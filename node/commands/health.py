"""Whether the node is well, for a person and for what watches over it."""

import json
import sys

import click

from node import log, work
from node.commands.frame import answering, opened


@click.command()
@click.option("--role", type=click.Choice(["web", "worker"]), default="web")
@click.option("--json", "as_json", is_flag=True)
@answering
def health(role: str, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Say whether this part of the node is well; exit 1 if it is not."""
    node = opened()
    found = work.health(node)
    stopped = (log.start_check(node) or log.unwell(node)) if found.database else ""
    waited = found.oldest_due.total_seconds()
    reasons = [] if found.database else ["the database gives no answer"]
    reasons += [f"the ledger stands still: {stopped}"] if stopped else []
    if role == "worker" and found.late:
        reasons += [f"the oldest work has waited for {waited:.0f} seconds"]
    said = {
        "role": role,
        "well": not reasons,
        "database": found.database,
        "ledger": found.database and not stopped,
        "oldest_due_seconds": waited,
        "reasons": reasons,
    }
    if as_json:
        click.echo(json.dumps(said))
    else:
        lines = [f"  {reason}" for reason in reasons]
        click.echo("\n".join(["not well:", *lines] if lines else ["well"]))
    sys.exit(1 if reasons else 0)
