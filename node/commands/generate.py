"""Filling a node with made-up cases, to try it and to measure it."""

import click

from node import generate as slice_
from node.commands.frame import answering, opened


@click.command()
@click.option("--people", default=100, show_default=True, type=click.IntRange(1, 10**5))
@click.option("--cases", default=1000, show_default=True, type=click.IntRange(1, 10**6))
@click.option("--seed", default=1, show_default=True, help="The same gives the same.")
@answering
def generate(people: int, cases: int, seed: int) -> None:
    """Make up a year of people and cases, in a node that has no case yet.

    Of more than 10,000 cases a thousand are lived through; the rest are copies of
    these, with words, dates and entries in the ledger of their own.
    """
    made = slice_.generate(
        opened(),
        members=people,
        number=cases,
        seed=seed,
        say=lambda number: click.echo(f"{number} of {cases} cases", err=True),
    )
    copies = f" {made.copies} cases are copies." if made.copies else ""
    click.echo(f"{made.cases} cases, {made.people} members, {made.acts} acts.{copies}")
