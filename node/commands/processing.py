"""The record of processing, for whoever runs the node."""

import json
from dataclasses import asdict

import click

from node import processing as slice_
from node.commands.frame import answering, opened


@click.command()
@click.option("--language", default="", help="In this language; else the community's.")
@answering
def processing(language: str) -> None:
    """Print what personal data are used here, for what, and where they go, as JSON."""
    click.echo(
        json.dumps(asdict(slice_.record(opened(), language)), default=str, indent=2)
    )
