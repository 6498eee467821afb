"""What the log says of itself, and the check that needs nobody's word."""

import json
import sys

import click

from ledger.__main__ import run as verify_receipts
from node import log
from node.commands.frame import answering, opened


@click.group()
def ledger() -> None:
    """Look at the ledger, and check what it says."""


@ledger.command("status")
@click.option("--json", "as_json", is_flag=True)
@answering
def ledger_status(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Print the published size and root, and the keys that speak for this node."""
    found = log.status(opened())
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


@ledger.command("checkpoint")
@answering
def ledger_checkpoint() -> None:
    """Print the newest published checkpoint."""
    click.echo(log.checkpoint(opened()), nl=False)


@ledger.command("policy")
@answering
def ledger_policy() -> None:
    """Print the policy a reader of receipts can start from."""
    click.echo(log.policy(opened()), nl=False)


@ledger.command(
    "verify",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def ledger_verify(arguments: tuple[str, ...]) -> None:
    """Check receipts offline; the same as `python -m ledger verify`."""
    sys.exit(verify_receipts(["verify", *arguments]))
