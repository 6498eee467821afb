"""Checkpoints (C2SP tlog-checkpoint): a log's word on its size and root.

Whoever holds two that do not fit together holds the proof that the log lied.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger import cosignature, note
from ledger.encoding import b64, number, unb64
from ledger.errors import Invalid
from ledger.note import Unchecked, VKey
from ledger.tree import HASH


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large a log is, and the root of its tree."""

    origin: str
    size: int
    root: bytes


def text(origin: str, size: int, root: bytes) -> bytes:
    """Return the text that a log signs."""
    return f"{origin}\n{size}\n{b64(root)}\n".encode()


def parse(raw: bytes) -> Checkpoint:
    """Read a checkpoint's text; lines after the third are accepted and not read."""
    lines = raw.decode(errors="replace").split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or lines[-1]:  # noqa: PLR2004 - 3 lines
        raise Invalid("checkpoint-malformed", "This is not a checkpoint.")
    origin, size, coded = lines[:3]
    root = unb64(coded)
    if len(root) != HASH:
        raise Invalid("checkpoint-malformed", "A root has 32 bytes.")
    return Checkpoint(origin, number(size), root)


def open(raw: bytes, vkeys: Sequence[VKey]) -> Checkpoint:  # noqa: A001 - as in `note`
    """Check a checkpoint's log signatures; return what it says.

    Only keys named like the origin count. One that fails refuses the checkpoint.
    """
    found = note.parse(raw)
    stated = parse(found.text)
    require_log(found, stated.origin, vkeys)
    return stated


def require_log(found: Unchecked, origin: str, vkeys: Sequence[VKey]) -> None:
    """Raise unless a log key of this name signed the note, and none of them failed."""
    verified = [
        cosignature.signed(found.text, line, vkey)
        for line in found.lines
        for vkey in vkeys
        if line.by(vkey) and vkey.name == origin
    ]
    if not verified:
        raise Invalid("log-unknown", f"No key you trust signed for {origin}.")
    if not all(verified):
        raise Invalid("log-signature", f"{origin} did not sign this checkpoint.")
