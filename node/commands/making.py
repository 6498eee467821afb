"""Making a node, opening its doors, doing what it owes, and showing two of them."""

import logging
import sys
import tomllib
from pathlib import Path

import click

from node import migrate, start, starting, work, worker
from node.commands.frame import answering, opened, settings_here
from node.demo import demo as run_demo
from node.logging import start as start_logging
from node.settings import BadSetting

_LAST_PORT = 65_535


@click.command()
@click.option("--answers", type=click.Path(exists=True, dir_okay=False), metavar="FILE")
@click.option("--example", is_flag=True, help="Print a complete answers file.")
@answering
def init(answers: str | None, example: bool) -> None:  # noqa: FBT001 - click's way
    """Make a node: keys, secrets, database; print the address that opens its doors."""
    if example:
        click.echo(start.answers_example(), nl=False)
        return
    try:
        given = tomllib.loads(Path(answers).read_text()) if answers else None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{answers} is not TOML: {error}") from error
    node = start.init(settings_here(), given)
    work.sweep(node)
    click.echo(f"A node in {node.settings.data}.", err=True)
    if given is None:
        click.echo(start.setup_url(node))


@click.command("setup-url")
@answering
def setup_url() -> None:
    """Print a new one-time address that opens the doors, good for an hour."""
    click.echo(start.setup_url(opened()))


@click.command("worker")
@answering
def work_() -> None:
    """Do what is owed, without serving; in any number of processes."""
    bell = worker.Bell()
    node = opened(bell.ring)
    starting.begin(node)
    with worker.told_by_signals(bell):
        worker.work_until_stopped(node, bell)


@click.command()
@click.option("--check", is_flag=True, help="Only say whether anything would happen.")
@answering
def upgrade(check: bool) -> None:  # noqa: FBT001 - click's way
    """Bring the database to this program's schema."""
    settings = settings_here()
    if check:
        migrate.check(settings)
        click.echo("The database is up to date.", err=True)
        return
    migrate.upgrade(settings)


@click.command()
@click.option("--data", "folder", default="folkmoot-demo", show_default=True)
@click.option(
    "--port", default=8000, type=click.IntRange(1, _LAST_PORT - 2), show_default=True
)
@click.option("--seed", default=1, show_default=True)
@click.option("--once", is_flag=True, help="Run the whole journey, check it, stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@answering
def demo(folder: str, port: int, seed: int, once: bool, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Show two communities at work on this machine, with a mailbox to look into."""
    start_logging(logging.ERROR)  # The nodes' own logs have the rest.
    sys.exit(run_demo(Path(folder), port, seed, once=once, as_json=as_json))
