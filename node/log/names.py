"""The names and keys under which this node signs.

A different private key for each use; none of them ever leaves its file.
"""

from collections.abc import Callable
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import checkpoint, note
from ledger.note import COSIGNATURE, ED25519, Signer, VKey
from node.core import Node
from node.keys import Keys
from node.models.log import LedgerHead

_EPOCH = "log.epoch"


def origin(node: Node, number: int | None = None) -> str:
    """Return the log's name: its address without scheme and last slash.

    The first log has the plain name; each that followed one that ended has its epoch.
    """
    return node.settings.host + place(number or epoch(node))


def named(signed: bytes) -> str:
    """Return the name of the log whose checkpoint this is; it is our own."""
    return checkpoint.parse(note.parse(signed).text).origin


def place(number: int) -> str:
    """Return the path below which the log of an epoch stands."""
    return "/ledger" if number == 1 else f"/ledger/{number}"


def epoch(node: Node) -> int:
    """Return the number of the log that goes on, as this process knows it.

    Another process may have begun one since: whoever queues or appends finds out.
    """
    known = node.memory.get(_EPOCH)
    if isinstance(known, int):
        return known
    # Asked once, in the middle of whatever goes on.
    with node.database.reading() as tx:
        known = tx.scalar(select(LedgerHead.epoch)) or 1
    return learn(node, known)


def look(node: Node, tx: Session) -> int:
    """Return the same as the database has it: what is read beside it fits together."""
    return learn(node, tx.scalar(select(LedgerHead.epoch)) or 1)


def learn(node: Node, number: int) -> int:
    """Remember which log goes on."""
    node.memory[_EPOCH] = number
    return number


def lock(node: Node) -> int:
    """Return the number of the lock that whoever leads this log holds."""
    digest = sha256(origin(node).encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def log_signer(node: Node) -> Signer:
    """Return the log's first key; `signing` knows which of them sign now."""
    return _kept(node, "ledger", ED25519, lambda keys: keys.log)


def statements_signer(node: Node) -> Signer:
    """Return what signs the node's own acts and what it attests to."""
    return _kept(node, "statements", ED25519, lambda keys: keys.statements)


def statements_vkey(node: Node, log: str) -> VKey:
    """Return what others know the statements key by, as the log itself is called."""
    private = statements_signer(node).key
    return Signer(f"{log.partition('/')[0]}/statements", ED25519, private).vkey


def witness_signer(node: Node) -> Signer:
    """Return what cosigns other logs."""
    return _kept(node, "witness", COSIGNATURE, lambda keys: keys.witness)


def _kept(
    node: Node, name: str, kind: int, private: Callable[[Keys], Ed25519PrivateKey]
) -> Signer:
    found = node.memory.get(f"signer/{name}")
    if not isinstance(found, Signer):
        found = Signer(f"{node.settings.host}/{name}", kind, private(node.keys))
        node.memory[f"signer/{name}"] = found
    return found
