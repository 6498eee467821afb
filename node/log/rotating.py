"""A new key for the log: announced by the old one, or by the recovery keys.

In a rotation both keys sign checkpoints for a while, so that whoever knows one of them
can go on. A key that was lost or stolen stops at once.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.errors import ChoiceInvalid
from ledger import entry, revocation, rotation, tree
from ledger.encoding import Json
from ledger.entry import Clear
from ledger.errors import Invalid
from ledger.note import ED25519, Signer, VKey
from ledger.rotation import Change
from node import keys
from node.core import Collision, Node
from node.errors import NoRecovery
from node.keys import KeysUnsafe
from node.log import clears, names, signing
from node.log.checking import unsound
from node.log.clears import Notice
from node.log.sequencing import LedgerReadOnly, lock_head, require_writable
from node.log.shapes import milliseconds
from node.log.signing import LogKey
from node.models.log import LedgerEntry, LedgerHead

#: How long both keys sign. Who looks less often has to be told by hand.
OVERLAP = timedelta(days=30)
ROTATE, REVOKE = "key.rotate", "key.revoke"
#: Kinds of entries that name a new key of the log.
CHANGES = frozenset({ROTATE, REVOKE})


def rotate(node: Node, *, overlap: timedelta = OVERLAP) -> VKey:
    """Let a new key sign the log, announced by the old one; return the new one.

    The old one signs beside it until the overlap is over, and then stops by itself.
    """
    require_writable(node)
    # It may be the only process that runs, and the first since a restore.
    if why := unsound(node):
        raise LedgerReadOnly(f"The ledger is stopped. {why}.")
    new = unused(node, names.origin(node))
    with node.begin() as tx:
        known = signing.of(node, tx, lock_head(node, tx).signers)
        if new.vkey.name != names.origin(node):
            raise Collision("another log has begun")
        old = signing.signer_of(node, known[-1].vkey)
        if old is None:
            raise KeysUnsafe(
                f"{node.settings.keys_folder} lacks the key of the log. Restore it; "
                "if there is no copy, see `folkmoot ledger revoke-request`."
            )
        if old.vkey == new.vkey:
            raise ChoiceInvalid("Somebody else has changed the key just now.")
        until = milliseconds(node.now() + overlap)
        change = _change(node, old.vkey, new.vkey, until)
        body = rotation.rotate(change, old, new)
        _announce(node, tx, change, Notice(kind=ROTATE, body=body))
    return new.vkey


def overlapping(node: Node) -> datetime | None:
    """Return until when an older key signs beside the newest; None if none does."""
    with node.read() as tx:
        known, now = signing.known(node, tx), milliseconds(node.now())
    ends = [one.until for one in known if one.until is not None and one.signs(now)]
    return datetime.fromtimestamp(max(ends) / 1000, UTC) if ends else None


def key_file(node: Node, vkey: VKey) -> Path:
    """Return the file of a key of ours that signs the log."""
    folder = node.settings.keys_folder
    for number, private in keys.read(folder).logs.items():
        if Signer(vkey.name, ED25519, private).vkey == vkey:
            return keys.log_file(folder, number)
    raise KeysUnsafe(f"{folder} lacks the key of the log.")


def unused(node: Node, log: str) -> Signer:
    """Return a key for a log that was never announced: one left over, or a new one."""
    folder = node.settings.keys_folder
    with node.read() as tx:
        ever = [*signing.known(node, tx), *signing.ended(tx)]
    taken = {one.vkey.key for one in ever}
    for _, private in sorted(keys.read(folder).logs.items(), reverse=True):
        left = Signer(log, ED25519, private)
        if left.vkey.key not in taken:
            return left
    return Signer(log, ED25519, keys.add_log(folder, node.dice))


def _change(node: Node, old: VKey, new: VKey, until: int) -> Change:
    return Change(log=names.origin(node), old=old, new=new, overlap_until=until)


def _announce(node: Node, tx: Session, change: Change, notice: Notice) -> None:
    # The head is locked: nothing is signed between the two.
    ticket, until = clears.clear(node, tx, notice), change.overlap_until
    before, new = signing.known(node, tx), LogKey(change.new, oid=ticket.oid)
    text = signing.changed(before, new, until, revoked=notice.kind == REVOKE)
    tx.execute(update(LedgerHead).values(signers=text))


def request_revocation(node: Node) -> bytes:
    """Make a new key, and return what the recovery keys are asked to sign.

    Nothing is announced yet. Refuses with `NoRecovery` where there are none.
    """
    with node.read() as tx:
        _recovery(tx)
        old = signing.newest(node, tx)
    new = unused(node, names.origin(node)).vkey
    change = _change(node, old, new, milliseconds(node.now()))
    return revocation.request(change)


def _recovery(tx: Session) -> bytes:
    """Return the leaf that says which recovery keys there are."""
    leaf = tx.scalar(select(LedgerEntry.leaf).where(LedgerEntry.idx == 0))
    found = entry.read_leaf(leaf) if leaf else None
    match found:
        case Clear(body={"recovery": {"m": int(m)}}) if leaf and m:
            return leaf
        case _:
            raise NoRecovery(
                "This log was begun without recovery keys, so nobody can prove that "
                "a new key is its own: whoever pinned the old one would have to take "
                "your word. Restore the key from its copy; without one, let a new log "
                "follow this one: `folkmoot ledger end-request`."
            )


def revoke(node: Node, request: bytes, signatures: Iterable[bytes]) -> VKey:
    """Replace a lost or stolen key by what recovery keys signed; return the new one.

    The old key stops at once, and what it signs counts no more. Witnesses have to be
    told the new one by somebody they know.
    """
    try:
        change = revocation.read_request(request)
        words = [revocation.read_signature(one) for one in signatures]
    except Invalid as error:
        raise ChoiceInvalid(error.text) from error
    new = signing.signer_of(node, change.new)
    if new is None:
        raise ChoiceInvalid("The new key of this request is not among our key files.")
    body = rotation.revoke(change, new, words)
    with node.begin() as tx:
        known = signing.of(node, tx, lock_head(node, tx).signers)
        asked = change.log, change.old
        if asked != (names.origin(node), known[-1].vkey):
            raise ChoiceInvalid("This request is not about the key that signs now.")
        _require(change, body, _recovery(tx))
        _announce(node, tx, change, Notice(kind=REVOKE, body=body))
    return change.new


def _require(change: Change, body: dict[str, Json], first: bytes) -> None:
    """Refuse what a reader of the log would refuse."""
    last = Clear(
        log=change.log, seq=1, prev=tree.leaf_hash(first), at=0, kind=REVOKE,
        body=body, payload={},
    )  # fmt: skip
    try:
        rotation.walk(change.old, [first, entry.clear(last)])
    except Invalid as error:
        raise ChoiceInvalid(error.text) from error
