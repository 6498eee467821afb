"""Cosignatures (C2SP tlog-cosignature): a witness saw this tree, and when.

Nothing larger that this tree does not begin was seen before: that is all a cosignature
says, and all that it needs to say.
"""

from ledger.encoding import LARGEST_NUMBER, number, u64, unb64
from ledger.errors import Invalid
from ledger.note import COSIGNATURE, ED25519, ML_DSA, Line, Signer, VKey
from ledger.tree import HASH

#: A witness whose clock is further ahead than this, in seconds, is not believed.
AHEAD = 300
_TIME = 8
_LONGEST_NAME = 255


def cosign(text: bytes, signer: Signer, at: int) -> Line:
    """Return the line by which a witness vouches for a checkpoint's text at a time."""
    signature = signer.key.sign(_message(text, signer.vkey, at))
    return Line(signer.name, signer.vkey.id, u64(at) + signature)


def _message(text: bytes, vkey: VKey, at: int) -> bytes:
    if vkey.type == COSIGNATURE:
        return b"cosignature/v1\ntime %d\n" % at + text
    if vkey.type == ML_DSA:
        return b"subtree/v1\n\0" + _short(vkey.name.encode()) + u64(at) + _tree(text)
    raise Invalid("cosignature", "This key signs notes; it is not a witness's.")


def _short(text: bytes) -> bytes:
    if len(text) > _LONGEST_NAME:
        raise Invalid("cosignature", "This name is too long to be cosigned.")
    return bytes([len(text)]) + text


def _tree(text: bytes) -> bytes:
    # Read here and not by `checkpoint`, which needs this module to open one.
    try:
        origin, size, coded, _ = text.split(b"\n", 3)
        root = unb64(coded.decode())
        leaves = number(size.decode())
    except ValueError as error:
        raise Invalid("cosignature", "What is cosigned is not a checkpoint.") from error
    if len(root) != HASH:
        raise Invalid("cosignature", "What is cosigned is not a checkpoint.")
    return _short(origin) + u64(0) + u64(leaves) + root


def time_of(line: Line) -> int:
    """Return the time, in seconds, that a witness's line claims."""
    return int.from_bytes(line.body[:_TIME], "big")


def verify(text: bytes, line: Line, vkey: VKey, *, now: int | None = None) -> int:
    """Check a witness's line under a text; return its time in seconds.

    Whoever has a clock passes `now` and refuses a time too far in the future.
    """
    at = time_of(line)
    if at > LARGEST_NUMBER:
        raise Invalid("cosignature", "A cosignature's time is not a time.")
    if now is not None and at > now + AHEAD:
        raise Invalid("cosignature", f"The clock of {line.name} is ahead of ours.")
    if not line.by(vkey) or not vkey.holds(line.body[_TIME:], _message(text, vkey, at)):
        raise Invalid("cosignature", f"{line.name} did not cosign this.")
    return at


def signed(text: bytes, line: Line, vkey: VKey) -> bool:
    """Say whether a line is the key's signature under a text, whatever its type."""
    if vkey.type == ED25519:
        return line.by(vkey) and vkey.holds(line.body, text)
    try:
        verify(text, line, vkey)
    except Invalid:
        return False
    return True
