"""The names and keys under which this node signs.

A different private key for each use; none of them ever leaves its file.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.note import COSIGNATURE, ED25519, Signer, VKey
from node.core import Node
from node.keys import Keys


def origin(node: Node) -> str:
    """Return the log's name: its address without scheme and last slash."""
    return f"{node.settings.host}/ledger"


def log_signer(node: Node) -> Signer:
    """Return what signs checkpoints."""
    return _kept(node, "log", "ledger", ED25519)


def statements_signer(node: Node) -> Signer:
    """Return what signs the node's own acts and what it attests to."""
    return _kept(node, "statements", "statements", ED25519)


def witness_vkey(node: Node) -> VKey:
    """Return the key this node would cosign other logs with."""
    return _kept(node, "witness", "witness", COSIGNATURE).vkey


def _kept(node: Node, key: str, name: str, kind: int) -> Signer:
    found = node.memory.get(f"signer/{key}")
    if not isinstance(found, Signer):
        found = Signer(f"{node.settings.host}/{name}", kind, _private(node.keys, key))
        node.memory[f"signer/{key}"] = found
    return found


def _private(keys: Keys, name: str) -> Ed25519PrivateKey:
    return {"log": keys.log, "statements": keys.statements, "witness": keys.witness}[
        name
    ]


def verifier_keys(node: Node) -> tuple[str, ...]:
    """Return the names others know this node's log, witness and statements by."""
    signers = log_signer(node).vkey, statements_signer(node).vkey
    return (str(signers[0]), str(witness_vkey(node)), str(signers[1]))
