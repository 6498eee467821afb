"""Whose logs this node cosigns, and who cosigns its own."""

import click

from node import witness as witnesses
from node.commands.frame import answering, opened, show


@click.group("witness")
def ledger_witness() -> None:
    """Name the logs this node cosigns, and the witnesses of its own."""


@ledger_witness.command("add")
@click.argument("vkey")
@click.argument("url", default="")
@click.option("--only", is_flag=True, help="Forget other keys of that log.")
@answering
def witness_add(vkey: str, url: str, only: bool) -> None:  # noqa: FBT001 - click's way
    """Cosign the log of this key, or ask the witness of this key to cosign ours.

    Which of the two it is, the key says. Without URL it is asked where its name says.
    Use --only when the log's old key was revoked.
    """
    witnesses.add(opened(), vkey, url, only=only)


@ledger_witness.command("list")
@click.option("--json", "as_json", is_flag=True)
@answering
def witness_list(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List both, how far each was cosigned, and what went wrong last."""
    show(witnesses.listed(opened()), as_json=as_json)
