"""The program: its commands, and what servers and Celery load.

The only file that knows every package. A command reads settings, calls one use case
and prints what came of it: 0 done and true, 1 refused, 2 wrong usage.
"""

import logging
import os
import sys
import tomllib
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask

from node import commands, log, migrate, start, starting, work, worker
from node.commands.frame import Commands, answering, opened, settings_here
from node.demo import demo as run_demo
from node.logging import start as start_logging
from node.settings import BadSetting, Settings
from web import still
from web.app import create_app
from web.commands import CASEWORK
from web.server import require_proxy
from web.server import serve as serve_http

if TYPE_CHECKING:
    from celery import Celery

_LAST_PORT = 65_535


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("folkmoot"))
@click.option("--data", metavar="DIR", help="The node's folder (FOLKMOOT_DATA).")
def main(data: str | None) -> None:
    """Folkmoot: a casework node that its members own."""
    # What is reported goes to standard output, so lines of the log never do.
    start_logging()
    if data is not None:
        os.environ["FOLKMOOT_DATA"] = data


for _command in (*commands.COMMANDS, *CASEWORK):
    main.add_command(_command)


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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
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
@click.option(
    "--port",
    type=click.IntRange(1, _LAST_PORT),
    help="Default: that of the public URL.",
)
@answering
def serve(host: str, port: int | None) -> None:
    """Serve the node: one process for all, unless FOLKMOOT_EMBEDDED is 0."""
    bell = worker.Bell()
    settings = settings_here()
    node = opened(_ring(settings, bell))
    starting.begin(node)
    thread = worker.start(node, bell) if settings.embedded else None
    at = port or settings.port
    ready = partial(_say_where, settings, host, at)
    try:
        serve_http(create_app(node), node, host=host, port=at, ready=ready)
    finally:
        bell.stop()
        if thread is not None:
            thread.join(timeout=30)


def _say_where(settings: Settings, host: str, port: int) -> None:
    click.echo(f"{settings.origin} is served, from port {port} of {host}.")
    if port != settings.port and not settings.trusted_proxy:
        click.echo(
            f"Only requests for {settings.host} are answered. If people come by another"
            " address, set FOLKMOOT_PUBLIC_URL to it before `init`."
        )


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
    starting.begin(node)
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


@commands.ledger.command("publish")
@click.argument("where", metavar="DIR")
@answering
def ledger_publish(where: str) -> None:
    """Put the published log and its pages where any static host can serve them."""
    node = opened()
    size = log.publish_to(node, where, lambda: still.pages(create_app(node)))
    click.echo(f"{size} entries are published in {where}.", err=True)


@main.command()
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


def wsgi() -> Flask:
    """Return the application for gunicorn; one node a process, made after the fork."""
    start_logging()
    settings = settings_here()
    require_proxy(settings, sys.argv)
    bell = worker.Bell()
    node = opened(_ring(settings, bell))
    starting.begin(node)
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
