"""What the log says of itself, and the check that needs nobody's word."""

import json
import sys
from typing import IO
from uuid import UUID

import click

from ledger import proof
from ledger.__main__ import run as check_offline
from node import accounts, erasing, log
from node import witness as witnesses
from node.commands.audit import audit
from node.commands.frame import STEWARD, answering, opened
from node.core import Node

#: No log has more entries.
_LARGEST = 2**63 - 1


@click.group()
def ledger() -> None:
    """Look at the ledger, and check what it says."""


@ledger.command("status")
@click.option("--json", "as_json", is_flag=True)
@answering
def ledger_status(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Print the published size and root, and the keys that speak for this node."""
    node = opened()
    found = log.status(node)
    rows = {
        "origin": found.origin,
        "size": found.size,
        "root": found.root,
        "published_at": found.published_at and found.published_at.isoformat(),
        "witnesses": found.witnesses,
        "stopped": log.start_check(node),
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


@ledger.command("prove")
@click.argument("index", type=click.IntRange(0, _LARGEST))
@click.option("--size", type=click.IntRange(1, _LARGEST), help="A published size.")
@answering
def ledger_prove(index: int, size: int | None) -> None:
    """Print the proof that an entry stands in the published log."""
    click.echo(log.prove(opened(), index, size=size), nl=False)


@ledger.command("fsck")
@click.option("--json", "as_json", is_flag=True)
@answering
def ledger_fsck(as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Compute the log again from its entries; exit 1 if anything differs."""
    sys.exit(1 if _check(opened(), as_json=as_json) else 0)


def _check(node: Node, *, as_json: bool = False) -> int:
    wrong = 0
    for found in log.fsck(node):
        wrong += 1
        if as_json:
            click.echo(json.dumps({"code": found.code, "where": found.where}))
        else:
            sentence = log.SENTENCES[found.code]
            click.echo(f"{found.code:<18} {found.where:<12} {sentence}")
    said = f"{wrong} things differ." if wrong else "The log is whole."
    click.echo(said, err=True)
    return wrong


@ledger.group("erasures")
def ledger_erasures() -> None:
    """Look after what was erased."""


@ledger_erasures.command("replay")
@answering
def erasures_replay() -> None:
    """Erase again what the journal says and this database has, as after a restore.

    Every start does it before anything is served; this does it by hand.
    """
    node = opened()
    witnesses.start_check(node)
    done = erasing.replay(node)
    node.database.scrub()
    left = len(erasing.missing(node))
    click.echo(f"{done} erased again.", err=True)
    if left:
        click.echo(f"{left} are of things this database does not have.", err=True)


@ledger.command("recover")
@click.option("--from", "source", default="", metavar="URL", help="Where a copy is.")
@click.option("--accept-unwitnessed", "accept", is_flag=True)
@click.option("--person", type=click.UUID, help=STEWARD)
@click.option("--reason", default="", help="Why; it is sealed with the decision.")
@click.option("--receipt", "kept", type=click.File("rb"), multiple=True)
@answering
def ledger_recover(
    source: str,
    accept: bool,  # noqa: FBT001 - click's way
    person: UUID | None,
    reason: str,
    kept: tuple[IO[bytes], ...],
) -> None:
    """Have back from a copy what this log lost, and let it be signed again.

    Stop the node before. Without --from, the witnesses are asked for their copies. If
    none of them answers, a steward may let the log go on all the same. With --receipt,
    what was lost of an entry is taken back from a file that somebody kept.
    """
    node = opened()
    for file in kept:
        seq = log.restore(node, file.read(proof.LIMIT + 1))
        click.echo(f"{file.name}: entry {seq} is whole again.", err=True)
    if kept:
        erasing.replay(node)  # what was erased stays so, whoever has a receipt
        return
    if accept and person is None:
        raise click.UsageError("--accept-unwitnessed needs --person and --reason.")
    if accept and person is not None:
        by = accounts.on_behalf(node, person)
        done = witnesses.accept(node, source, reason, by=by)
    else:
        done = witnesses.recover(node, source=source)
    erasing.replay(node)
    click.echo(
        f"{done.entries} entries came back. The private part of {done.lost} of our"
        f" chains' is lost; {done.renumbered} that waited are written down anew.",
        err=True,
    )
    sys.exit(1 if _check(node) else 0)


def _offline(name: str, about: str) -> click.Command:
    """Return what `python -m ledger` does under a name, with all its options."""

    @click.command(
        name,
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
        help=f"{about}; the same as `python -m ledger {name}`.",
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def run(arguments: tuple[str, ...]) -> None:
        sys.exit(check_offline([name, *arguments]))

    return run


for _command in (
    audit,
    _offline("verify", "Check receipts offline"),
    _offline("thread", "Check offline that a whole case is there"),
    _offline("fraud", "Judge a fraud file offline"),
):
    ledger.add_command(_command)
