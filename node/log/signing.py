"""Which keys sign the log: the newest, and for a while the one that it followed.

The head says which they are, so whoever appends knows it in the same moment; the
private halves are found among the node's key files.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import strict
from ledger import entry
from ledger.entry import Clear
from ledger.note import ED25519, Signer, VKey
from node import keys
from node.core import Node
from node.keys import KeysUnsafe
from node.log import names
from node.log.shapes import milliseconds
from node.models.log import LedgerEntry, LedgerHead
from node.models.past import LedgerPast


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key that signs the log, or did."""

    vkey: VKey
    #: The millisecond in which it stops; None for the newest.
    until: int | None = None
    #: The queued leaf that named it; None for the first.
    oid: int | None = None
    #: Whether it was lost or stolen, and what it signs counts no more.
    revoked: bool = False

    def signs(self, at: int) -> bool:
        """Say whether it signs at a moment."""
        return not self.revoked and (self.until is None or self.until > at)


def write(known: Iterable[LogKey]) -> str:
    """Return what the head keeps of the log's keys, oldest first."""
    rows = [[str(one.vkey), one.until, one.oid, one.revoked] for one in known]
    return json.dumps(rows)


@lru_cache(maxsize=64)
def read(text: str) -> tuple[LogKey, ...]:
    """Return what `write` wrote, which is asked for with every batch and receipt."""
    rows: Any = strict.loads(text.encode())
    return tuple(LogKey(VKey.parse(vkey), *more) for vkey, *more in rows)


def known(node: Node, tx: Session) -> tuple[LogKey, ...]:
    """Return every key the log ever had, oldest first, the newest last."""
    return of(node, tx, tx.scalar(select(LedgerHead.signers)))


def of(node: Node, tx: Session, text: str | None) -> tuple[LogKey, ...]:
    """Return the same, by what was read of the head."""
    return (LogKey(_first(node, tx)),) if text is None else read(text)


def _first(node: Node, tx: Session) -> VKey:
    # A log that was founded by an older version says it in its first leaf only.
    leaf = tx.scalar(select(LedgerEntry.leaf).where(LedgerEntry.idx == 0))
    found = entry.read_leaf(leaf) if leaf else None
    match found:
        case Clear(body={"keys": [str(vkey), *_]}):
            return VKey.parse(vkey)
        case _:
            return names.log_signer(node).vkey


def ours(node: Node, tx: Session) -> tuple[VKey, ...]:
    """Return every key that may have signed this log and was not revoked.

    Also one that this database has forgotten, because it is older than the key.
    """
    listed = known(node, tx)
    files = keys.read(node.settings.keys_folder).logs.values()
    held = [Signer(names.origin(node), ED25519, one).vkey for one in files]
    gone = {one.vkey.key for one in listed if one.revoked}
    # The keys of a log that ended never sign the one that follows.
    gone |= {one.vkey.key for one in ended(tx)}
    every = dict.fromkeys([*(one.vkey for one in listed), *held])
    return tuple(one for one in every if one.key not in gone)


def ended(tx: Session) -> list[LogKey]:
    """Return every key that signed a log of ours that ended, the oldest first."""
    rows = tx.scalars(select(LedgerPast.signers).order_by(LedgerPast.epoch))
    return [key for text in rows for key in read(text)]


def changed(
    before: tuple[LogKey, ...], new: LogKey, until: int, *, revoked: bool
) -> str:
    """Return what the head keeps once a new key follows the last one."""
    *first, last = before
    return write([*first, replace(last, until=until, revoked=revoked), new])


def newest(node: Node, tx: Session) -> VKey:
    """Return the key that signs the log from now on."""
    return known(node, tx)[-1].vkey


def trusted(node: Node, tx: Session) -> tuple[VKey, ...]:
    """Return the keys whose signatures count, newest first."""
    return tuple(one.vkey for one in reversed(known(node, tx)) if not one.revoked)


def verifier_keys(node: Node, tx: Session) -> tuple[str, ...]:
    """Return the names others know this node's log, witness and statements by."""
    others = names.witness_signer(node).vkey, names.statements_signer(node).vkey
    return tuple(str(one) for one in (newest(node, tx), *others))


def signers(node: Node, text: str | None) -> tuple[Signer, ...]:
    """Return what signs a checkpoint now, oldest first, by what the head says.

    Raises `KeysUnsafe` if the file of the newest key is not there.
    """
    if text is None:
        return (names.log_signer(node),)
    now = milliseconds(node.now())
    active = [one.vkey for one in read(text) if one.signs(now)]
    found = [signer_of(node, vkey) for vkey in active]
    if found[-1] is None:
        raise KeysUnsafe(f"{node.settings.keys_folder} lacks the key of the log.")
    return tuple(one for one in found if one is not None)


def lacking(node: Node, text: str | None) -> str:
    """Say that the key that signs the log is missing; nothing if it is there."""
    try:
        signers(node, text)
    except KeysUnsafe as error:
        return f"ledger.key: {error}"
    return ""


def signer_of(node: Node, vkey: VKey) -> Signer | None:
    """Return what signs as this key; None if its file is not there."""
    name = f"signer/{vkey}"
    found = node.memory.get(name)
    if isinstance(found, Signer):
        return found
    # Another process may have made the file after this one was started.
    for private in keys.read(node.settings.keys_folder).logs.values():
        signer = Signer(vkey.name, ED25519, private)
        if signer.vkey == vkey:
            node.memory[name] = signer
            return signer
    return None
