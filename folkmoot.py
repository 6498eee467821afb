"""The program: its commands, and what servers and Celery load.

The only file that knows every package. A command reads settings, calls one use case
and prints what came of it: 0 done and true, 1 refused, 2 wrong usage.
"""

import json
import os
import sys
import tomllib
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from uuid import UUID

import click
from flask import Flask

from governance.errors import Refusal
from ledger.__main__ import run as verify_receipts
from node import accounts, assembly, log, migrate, start, tidying, work, worker
from node.core import Node
from node.demo import demo as run_demo
from node.keys import KeysUnsafe
from node.logging import start as start_logging
from node.settings import BadSetting, Settings, UnknownSetting
from web.app import create_app
from web.server import require_proxy
from web.server import serve as serve_http

if TYPE_CHECKING:
    from celery import Celery

_ANSWERS = (
    BadSetting,
    KeysUnsafe,
    Refusal,
    UnknownSetting,
    migrate.SchemaNewer,
    migrate.SchemaOlder,
)
_P = ParamSpec("_P")
_R = TypeVar("_R")


def _said(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Turn an answer for the operator into one line on stderr and exit code 1."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except _ANSWERS as answer:
            raise click.ClickException(str(answer)) from answer

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("folkmoot"))
@click.option("--data", metavar="DIR", help="The node's folder (FOLKMOOT_DATA).")
def main(data: str | None) -> None:
    """Folkmoot: a casework node that its members own."""
    if data is not None:
        os.environ["FOLKMOOT_DATA"] = data


def _settings() -> Settings:
    return Settings.read(os.environ)


def _node(ring: Callable[[], None] | None = None) -> Node:
    settings = _settings()
    node = assembly.assemble(settings, ring=ring)
    migrate.check(settings)
    return node


@main.command()
@click.option("--answers", type=click.Path(exists=True, dir_okay=False), metavar="FILE")
@click.option("--example", is_flag=True, help="Print a complete answers file.")
@_said
def init(answers: str | None, example: bool) -> None:  # noqa: FBT001 - click's way
    """Make a node: keys, secrets, database; print the address that opens its doors."""
    if example:
        click.echo(start.answers_example(), nl=False)
        return
    try:
        given = tomllib.loads(Path(answers).read_text()) if answers else None
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{answers} is not TOML: {error}") from error
    node = start.init(_settings(), given)
    work.sweep(node)
    click.echo(f"A node in {node.settings.data}.", err=True)
    if given is None:
        click.echo(start.setup_url(node))


@main.command("setup-url")
@_said
def setup_url() -> None:
    """Print a new one-time address that opens the doors, good for an hour."""
    click.echo(start.setup_url(_node()))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=None, type=int, help="Default: that of the public URL.")
@_said
def serve(host: str, port: int | None) -> None:
    """Serve the node: one process for all, unless FOLKMOOT_EMBEDDED is 0."""
    start_logging()
    bell = worker.Bell()
    settings = _settings()
    node = _node(_ring(settings, bell))
    log.start_check(node)
    tidying.begin(node)
    thread = worker.start(node, bell) if settings.embedded else None
    serve_http(create_app(node), node, host=host, port=port or settings.port)
    bell.stop()
    if thread is not None:
        thread.join(timeout=30)
    node.database.close()


def _ring(settings: Settings, bell: worker.Bell) -> Callable[[], None]:
    if not settings.broker_url:
        return bell.ring
    # Celery takes a third of a second to load; only a node with a broker pays it.
    from node import tasks  # noqa: PLC0415 - heavy, as said

    return tasks.bell(settings.broker_url)


@main.command("worker")
@_said
def work_() -> None:
    """Do what is owed, without serving; in any number of processes."""
    start_logging()
    bell = worker.Bell()
    node = _node(bell.ring)
    log.start_check(node)
    tidying.begin(node)
    with worker.told_by_signals(bell):
        worker.work_until_stopped(node, bell)
    node.database.close()


@main.command()
@click.option("--check", is_flag=True, help="Only say whether anything would happen.")
@_said
def upgrade(check: bool) -> None:  # noqa: FBT001 - click's way
    """Bring the database to this program's schema."""
    settings = _settings()
    if check:
        migrate.check(settings)
        click.echo("The database is up to date.", err=True)
        return
    migrate.upgrade(settings)


@main.command()
@click.option("--role", type=click.Choice(["web", "worker"]), default="web")
@click.option("--json", "as_json", is_flag=True)
@_said
def health(role: str, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Say whether this part of the node is well; exit 1 if it is not."""
    found = work.health(_node())
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


@main.group("ledger")
def ledger_() -> None:
    """Look at the ledger, and check what it says."""


@ledger_.command("status")
@click.option("--json", "as_json", is_flag=True)
@_said
def ledger_status(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Print the published size and root, and the keys that speak for this node."""
    found = log.status(_node())
    rows = {
        "origin": found.origin,
        "size": found.size,
        "root": found.root,
        "published_at": found.published_at and found.published_at.isoformat(),
        "witnesses": found.witnesses,
        "log": found.vkey,
        "statements": found.statements_vkey,
    }
    if as_json:
        click.echo(json.dumps(rows))
        return
    for name, value in rows.items():
        click.echo(f"{name:<13} {value}")


@ledger_.command("checkpoint")
@_said
def ledger_checkpoint() -> None:
    """Print the newest published checkpoint."""
    click.echo(log.checkpoint(_node()), nl=False)


@ledger_.command("policy")
@_said
def ledger_policy() -> None:
    """Print the policy a reader of receipts can start from."""
    click.echo(log.policy(_node()), nl=False)


@ledger_.command(
    "verify",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def ledger_verify(arguments: tuple[str, ...]) -> None:
    """Check receipts offline; the same as `python -m ledger verify`."""
    sys.exit(verify_receipts(["verify", *arguments]))


@main.group()
def grants() -> None:
    """Manage what people and programs may do."""


@grants.command("token")
@click.option("--role", default="", help="A role the person holds; empty: a member.")
@click.option("--person", required=True, type=click.UUID)
@click.option("--scope", required=True, help="For example: cases:read cases:write desk")
@click.option("--json", "as_json", is_flag=True)
@_said
def grants_token(role: str, person: UUID, scope: str, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Make a token by which a program acts for one person, for an hour."""
    token = accounts.grant_token(
        _node(), role=role, person_id=person, scopes=frozenset(scope.split())
    )
    click.echo(json.dumps({"access_token": token}) if as_json else token)


@main.command()
@click.option("--data", "folder", default="folkmoot-demo", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--once", is_flag=True, help="Run the whole journey, check it, stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@_said
def demo(folder: str, port: int, seed: int, once: bool, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Show a community at work on this machine, with a mailbox to look into."""
    sys.exit(run_demo(Path(folder), port, seed, once=once, as_json=as_json))


def wsgi() -> Flask:
    """Return the application for gunicorn; one node a process, made after the fork."""
    start_logging()
    settings = _settings()
    require_proxy(settings, sys.argv)
    bell = worker.Bell()
    node = _node(_ring(settings, bell))
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
    return tasks.queue(_settings().broker_url)


if __name__ == "__main__":
    main()
