"""Signed notes (C2SP signed-note): a text, and who signed it, in lines below it.

A signature by a key we do not know says nothing; one by a key we know that fails
refuses the whole note.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.encoding import b64, unb64
from ledger.errors import Invalid
from ledger.vkeys import (
    COSIGNATURE,
    ED25519,
    ID,
    ML_DSA,
    Signer,
    VKey,
    require_name,
)

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "ML_DSA",
    "Line",
    "Note",
    "Signer",
    "Unchecked",
    "VKey",
    "join",
    "open",
    "parse",
    "read_lines",
    "sign",
]

MOST_LINES = 64
LIMIT = 65_536
_DASH = "\N{EM DASH} "
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Line:
    """One signature line: `body` is what follows the key's id."""

    name: str
    id: bytes
    body: bytes

    def encode(self) -> bytes:
        """Return the line as it stands in a note."""
        return f"{_DASH}{self.name} {b64(self.id + self.body)}\n".encode()

    def by(self, vkey: VKey) -> bool:
        """Say whether the line claims to be this key's."""
        return self.id == vkey.id and self.name == vkey.name


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A note taken apart. Nothing in it is known to be true yet."""

    text: bytes
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the keys whose signatures under it were checked."""

    text: bytes
    verified: tuple[VKey, ...]


def sign(text: bytes, *signers: Signer) -> bytes:
    """Return the note with these signatures, of type 0x01, in this order."""
    lines = [Line(by.name, by.vkey.id, by.key.sign(text)) for by in signers]
    return join(text, lines)


def join(text: bytes, lines: Iterable[Line]) -> bytes:
    """Return the note made of a text and its signature lines."""
    return text + b"\n" + b"".join([line.encode() for line in lines])


def open(raw: bytes, vkeys: Sequence[VKey]) -> Note:  # noqa: A001 - C2SP's own word
    """Check a note: at least one known signature of type 0x01, and none that fails."""
    found = parse(raw)
    verified: list[VKey] = []
    for line in found.lines:
        for vkey in vkeys:
            if line.by(vkey) and vkey.type == ED25519:
                if not vkey.holds(line.body, found.text):
                    raise Invalid("note-signature", f"{line.name} did not sign this.")
                verified.append(vkey)
    if not verified:
        raise Invalid("note-unsigned", "Nobody we know signed this note.")
    return Note(found.text, tuple(dict.fromkeys(verified)))


def parse(raw: bytes) -> Unchecked:
    """Take a note apart, at its last empty line, without checking any signature."""
    if len(raw) > LIMIT:
        raise Invalid("note-malformed", "A note has at most 64 KiB.")
    text, gap, signed = raw.rpartition(b"\n\n")
    if not gap or not signed or _CONTROL.search(raw):
        raise Invalid("note-malformed", "This is not a signed note.")
    lines = read_lines(signed)
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise Invalid("note-malformed", "A note is UTF-8.") from error
    return Unchecked(text + b"\n", lines)


def read_lines(raw: bytes) -> tuple[Line, ...]:
    """Read signature lines, each ended by a newline."""
    try:
        *rows, rest = raw.decode().split("\n")
    except UnicodeDecodeError as error:
        raise Invalid("note-malformed", "A note is UTF-8.") from error
    if rest or not 0 < len(rows) <= MOST_LINES:
        raise Invalid("note-malformed", "A note has 1 to 64 signature lines.")
    return tuple([_line(row) for row in rows])


def _line(row: str) -> Line:
    name, gap, coded = row.removeprefix(_DASH).partition(" ")
    if not row.startswith(_DASH) or not gap:
        raise Invalid("note-malformed", "This is not a signature line.")
    require_name(name)
    raw = unb64(coded)
    if len(raw) <= ID:
        raise Invalid("note-malformed", "A signature line holds no signature.")
    return Line(name, raw[:ID], raw[ID:])
