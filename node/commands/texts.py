"""Which message templates are in use, for whoever runs the node."""

import json

import click

from node import texts
from node.commands.frame import answering, opened


@click.group()
def templates() -> None:
    """Look at message templates, and agree on new ones."""


@templates.command("list")
@click.option("--json", "as_json", is_flag=True)
@answering
def templates_list(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List every version that can be used: name, way, language, version, hash."""
    rows = texts.standing(opened())
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        shown = (row["name"], row["medium"], row["language"], row["version"])
        click.echo("  ".join(str(one) for one in (*shown, row["digest"])))
    click.echo(f"{len(rows)} versions are in use.", err=True)
