"""The keys that sign the log: changed in good time, or replaced when one is gone."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.errors import ChoiceInvalid
from ledger import revocation
from ledger.encoding import b64u
from ledger.errors import Invalid
from ledger.note import VKey
from node import accounts, keys, log, witness
from node.commands.frame import STEWARD, answering, opened, settings_here
from node.core import Node
from node.keys import KeysUnsafe

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("rotate")
@click.option(
    "--overlap-days",
    default=log.OVERLAP.days,
    show_default=True,
    type=click.IntRange(0, 3650),
    help="For how long the old key signs beside the new one.",
)
@click.option("--again", is_flag=True, help="Even if two keys sign at present.")
@answering
def ledger_rotate(overlap_days: int, again: bool) -> None:  # noqa: FBT001 - click's way
    """Let a new key sign the log; print what others know it by.

    The file of the new key, to be backed up at once, is named on standard error.
    """
    node = opened()
    until = log.overlapping(node)
    if until is not None and not again:
        raise ChoiceInvalid(
            f"The key was changed already: the older one signs until {until:%Y-%m-%d}."
            " With --again one more key follows."
        )
    new = log.rotate(node, overlap=timedelta(days=overlap_days))
    log.sequence(node)
    _print(node, new)
    if not overlap_days:
        click.echo("The old key has stopped: nobody has time to learn.", err=True)


def _read(path: Path, parse: Callable[[bytes], object]) -> bytes:
    """Return what a file holds, or name the file that is not such a one."""
    raw = path.read_bytes()
    try:
        parse(raw)
    except (Invalid, ValueError) as error:
        raise ChoiceInvalid(f"{path}: {error}") from error
    return raw


def _print(node: Node, new: VKey) -> None:
    click.echo(f"Back up {log.key_file(node, new)} now, apart from the data.", err=True)
    click.echo(str(new))


@click.command("revoke-request")
@answering
def ledger_revoke_request() -> None:
    """Make a key to replace a lost or stolen one; print what recovery keys sign."""
    folder = settings_here().keys_folder
    if folder.is_dir() and not [*folder.glob("log*.key")]:
        keys.add_log(folder, _secret)  # without one, no node opens
    click.echo(log.request_revocation(opened()), nl=False)


@click.command("revoke")
@click.argument("request", type=_FILE)
@click.argument("signatures", nargs=-1, required=True, type=_FILE)
@answering
def ledger_revoke(request: Path, signatures: tuple[Path, ...]) -> None:
    """Replace the key of the log by what recovery keys signed; print the new one."""
    node = opened()
    words = [_read(path, revocation.read_signature) for path in signatures]
    new = log.revoke(node, _read(request, revocation.read_request), words)
    log.start_check(node)  # with the new key it may go on
    log.sequence(node)
    _print(node, new)


@click.command("recovery-key")
@click.argument("file", type=click.Path(path_type=Path))
@answering
def ledger_recovery_key(file: Path) -> None:
    """Make a recovery key in FILE and print its public half. Needs no node.

    Do this on a machine that is not the node's, and keep FILE there.
    """
    secret = _secret(keys.SIZE)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeysUnsafe(f"{file} cannot be made: {error.strerror}.") from error
    with os.fdopen(handle, "wb") as opened_file:
        opened_file.write(secret)
    public = Ed25519PrivateKey.from_private_bytes(secret).public_key()
    click.echo(b64u(public.public_bytes_raw()))


def _secret(_size: int) -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


@click.command("recovery-sign")
@click.argument("request", type=_FILE)
@click.argument("file", type=_FILE)
@answering
def ledger_recovery_sign(request: Path, file: Path) -> None:
    """Print the word of the recovery key in FILE on a request. Needs no node."""
    raw = _read(request, revocation.tell)
    secret = _read(file, Ed25519PrivateKey.from_private_bytes)
    click.echo(revocation.tell(raw), err=True)
    word = revocation.sign(raw, Ed25519PrivateKey.from_private_bytes(secret))
    click.echo(word, nl=False)


@click.command("end-request")
@answering
def ledger_end_request() -> None:
    """Make the key of a log to follow this one; print what recovery keys sign.

    For a log that cannot be recovered. Nothing ends yet.
    """
    click.echo(witness.request_end(opened()), nl=False)


@click.command("end")
@click.argument("request", type=_FILE)
@click.argument("signatures", nargs=-1, type=_FILE)
@click.option("--person", type=click.UUID, required=True, help=STEWARD)
@click.option("--reason", required=True, help="Why; everybody may read it.")
@answering
def ledger_end(
    request: Path, signatures: tuple[Path, ...], person: UUID, reason: str
) -> None:
    """End this log, and begin the one of REQUEST; print what others know it by.

    Stop the node before. The old log stays as it is under its name. SIGNATURES are of
    the recovery keys that its first entry names; without such keys nobody can prove
    that the new log is the one that follows.
    """
    node = opened()
    by = accounts.on_behalf(node, person)
    words = [_read(path, revocation.read_signature) for path in signatures]
    asked = _read(request, revocation.asked)
    new = witness.end(node, asked, words, reason, by=by)
    if not words:
        click.echo(
            "The old log named no recovery keys. Tell everybody who knows it the new"
            " key in person: nothing proves that it is yours.",
            err=True,
        )
    click.echo(str(new))


LEDGER = (
    ledger_rotate,
    ledger_revoke_request,
    ledger_revoke,
    ledger_recovery_key,
    ledger_recovery_sign,
    ledger_end_request,
    ledger_end,
)
