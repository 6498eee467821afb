"""Which cases are hidden from whom, for whoever runs the node."""

import json

import click

from node import challenges
from node.commands.frame import answering, opened


@click.group()
def walls() -> None:
    """Look at conflicts of interest, and decide about them."""


@walls.command("list")
@click.option("--json", "as_json", is_flag=True)
@answering
def walls_list(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List every wall that stands: the case, the person's id and the cause."""
    rows = challenges.standing(opened())
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['case']}  {row['person']}  {row['cause']}")
    click.echo(f"{len(rows)} walls stand.", err=True)
