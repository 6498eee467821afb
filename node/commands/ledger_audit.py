"""What an auditor may ask of whoever runs the node."""

import json
from dataclasses import asdict
from datetime import date

import click

from node import samples
from node.commands.frame import answering, opened


def _month(_: click.Context, __: click.Parameter, text: str) -> str:
    try:
        date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise click.BadParameter(f"{text} is no month; 2026-03 is one.") from error
    return text


@click.command("samples")
@click.argument("month", callback=_month)
@click.option("--count", default=20, show_default=True, type=click.IntRange(1, 1000))
@answering
def ledger_samples(month: str, count: int) -> None:
    """Print the rows of a MONTH's statistics that chance picked, with their proofs."""
    for one in samples.samples(opened(), month, count=count):
        click.echo(json.dumps(asdict(one)))
