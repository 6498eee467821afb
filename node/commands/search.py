"""The index of words, for whoever runs the node."""

import click

from node import search as slice_
from node.commands.frame import answering, opened


@click.group()
def search() -> None:
    """Look after the index of words."""


@search.command("rebuild")
@answering
def search_rebuild() -> None:
    """Make the index of words again from the cases, as after a restore."""
    number = slice_.rebuild(opened())
    click.echo(f"{number} cases read.", err=True)
