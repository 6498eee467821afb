"""The program: its commands, and what servers and Celery load.

The only file that knows every package. A command reads settings, calls one use case
and prints what came of it: 0 done and true, 1 refused, 2 wrong usage.
"""

import json
import logging
import os
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask

from node import commands, log, migrate, start, tidying, work, worker
from node.commands.frame import answering, opened, settings_here
from node.demo import demo as run_demo
from node.logging import start as start_logging
from node.settings import BadSetting, Settings
from web.app import create_app
from web.server import require_proxy
from web.server import serve as serve_http

if TYPE_CHECKING:
    from celery import Celery


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("folkmoot"))
@click.option("--data", metavar="DIR", help="The node's folder (FOLKMOOT_DATA).")
def main(data: str | None) -> None:
    """Folkmoot: a casework node that its members own."""
    # What is reported goes to standard output, so lines of the log never do.
    start_logging()
    if data is not None:
        os.environ["FOLKMOOT_DATA"] = data


for _group in (commands.federation, commands.grants, commands.ledger):
    main.add_command(_group)


@main.command()
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
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{answers} is not TOML: {error}") from error
    node = start.init(settings_here(), given)
    work.sweep(node)
    click.echo(f"A node in {node.settings.data}.", err=True)
    if given is None:
        click.echo(start.setup_url(node))


@main.command("setup-url")
@answering
def setup_url() -> None:
    """Print a new one-time address that opens the doors, good for an hour."""
    click.echo(start.setup_url(opened()))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=None, type=int, help="Default: that of the public URL.")
@answering
def serve(host: str, port: int | None) -> None:
    """Serve the node: one process for all, unless FOLKMOOT_EMBEDDED is 0."""
    bell = worker.Bell()
    settings = settings_here()
    node = opened(_ring(settings, bell))
    log.start_check(node)
    tidying.begin(node)
    thread = worker.start(node, bell) if settings.embedded else None
    serve_http(create_app(node), node, host=host, port=port or settings.port)
    bell.stop()
    if thread is not None:
        thread.join(timeout=30)


def _ring(settings: Settings, bell: worker.Bell) -> Callable[[], None]:
    if not settings.broker_url:
        return bell.ring
    # Celery takes a third of a second to load; only a node with a broker pays it.
    from node import tasks  # noqa: PLC0415 - heavy, as said

    return tasks.bell(settings.broker_url)


@main.command("worker")
@answering
def work_() -> None:
    """Do what is owed, without serving; in any number of processes."""
    bell = worker.Bell()
    node = opened(bell.ring)
    log.start_check(node)
    tidying.begin(node)
    with worker.told_by_signals(bell):
        worker.work_until_stopped(node, bell)


@main.command()
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


@main.command()
@click.option("--role", type=click.Choice(["web", "worker"]), default="web")
@click.option("--json", "as_json", is_flag=True)
@answering
def health(role: str, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Say whether this part of the node is well; exit 1 if it is not."""
    found = work.health(opened())
    well = found.database and (found.ready if role == "worker" else found.ledger)
    said = {
        "role": role,
        "well": well,
        "database": found.database,
        "ledger": found.ledger,
        "oldest_due_seconds": found.oldest_due.total_seconds(),
    }
    click.echo(
        json.dumps(said) if as_json else ("well" if well else f"not well: {said}")
    )
    sys.exit(0 if well else 1)


@main.command()
@click.option("--data", "folder", default="folkmoot-demo", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--once", is_flag=True, help="Run the whole journey, check it, stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@answering
def demo(folder: str, port: int, seed: int, once: bool, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Show two communities at work on this machine, with a mailbox to look into."""
    start_logging(logging.ERROR)  # The nodes' own logs have the rest.
    sys.exit(run_demo(Path(folder), port, seed, once=once, as_json=as_json))


def wsgi() -> Flask:
    """Return the application for gunicorn; one node a process, made after the fork."""
    start_logging()
    settings = settings_here()
    require_proxy(settings, sys.argv)
    bell = worker.Bell()
    node = opened(_ring(settings, bell))
    log.start_check(node)
    tidying.begin(node)
    if settings.embedded:
        worker.start(node, bell)
    return create_app(node)


def __getattr__(name: str) -> "Celery":
    """Return what `celery -A folkmoot` asks for, and only then load it."""
    if name != "celery":
        raise AttributeError(name)
    from node import tasks  # noqa: PLC0415 - heavy: a third of a second to load

    start_logging()
    return tasks.queue(settings_here().broker_url)


if __name__ == "__main__":
    main()
