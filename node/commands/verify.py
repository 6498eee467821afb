"""Computing every case again from what happened to it."""

import sys

import click

from node.cases import folding
from node.commands.frame import answering, opened, show


@click.command()
@click.option("--json", "as_json", is_flag=True)
@answering
def verify(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Compute every case again from its events; list what its row says otherwise."""
    found = list(folding.verify(opened()))
    show(found, as_json=as_json)
    if found:
        sys.exit(1)
    click.echo("Every case is what its events make it.", err=True)
