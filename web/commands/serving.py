"""Serving a node, and putting its log where others can read it."""

from collections.abc import Callable
from functools import partial

import click
from flask import Flask

from node import log, starting, worker
from node.commands.frame import answering, opened, settings_here
from node.commands.ledger import ledger
from node.commands.ledger_audit import ledger_samples
from node.commands.ledger_keys import LEDGER
from node.commands.ledger_witness import ledger_witness
from node.settings import Settings
from web import still
from web.app import create_app
from web.server import require_proxy
from web.server import serve as serve_http

_LAST_PORT = 65_535

for _command in (*LEDGER, ledger_samples, ledger_witness):
    ledger.add_command(_command)

__all__ = ["application", "ledger", "serve"]


@click.command()
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


@ledger.command("publish")
@click.argument("where", metavar="DIR")
@answering
def ledger_publish(where: str) -> None:
    """Put the published log and its pages where any static host can serve them."""
    node = opened()
    size = log.publish_to(node, where, lambda: still.pages(create_app(node)))
    click.echo(f"{size} entries are published in {where}.", err=True)


def application(words: list[str]) -> Flask:
    """Return the application for gunicorn; one node a process, made after the fork."""
    settings = settings_here()
    require_proxy(settings, words)
    bell = worker.Bell()
    node = opened(_ring(settings, bell))
    starting.begin(node)
    if settings.embedded:
        worker.start(node, bell)
    return create_app(node)
