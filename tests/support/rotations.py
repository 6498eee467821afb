"""Logs whose key is changed, and readers who pinned one of their keys."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import policy, receipt, revocation
from ledger.encoding import b64u
from ledger.note import VKey
from ledger.receipt import Pins, Verdict
from node import log, work
from node.core import Node
from node.log import names
from node.start.answers import read_answers
from node.start.founding import found
from tests.support.village import Village

ELM = "https://elm.example"
_ANSWERS = {
    "community": {
        "name": "Elm Moot", "slug": "elm", "zone": "Etc/UTC", "preset": "cooperative",
    },
    "steward": {"name": "Dov", "mail": "dov@elm.example"},
}  # fmt: skip


def recovery_keys(number: int = 3, seed: int = 7) -> list[Ed25519PrivateKey]:
    """Return some keys that are kept far away from a node."""
    chance = Random(seed)  # noqa: S311 - the same keys each time
    private = Ed25519PrivateKey.from_private_bytes
    return [private(chance.randbytes(32)) for _ in range(number)]


def public(key: Ed25519PrivateKey) -> str:
    """Return the half of a recovery key that a node may know."""
    return b64u(key.public_key().public_bytes_raw())


def recoverable(village: Village, keys: Sequence[Ed25519PrivateKey], m: int) -> Node:
    """Found a community whose log names recovery keys."""
    named = (str(m), *map(public, keys))
    built = village.build(ELM)
    node = village.open(replace(built.settings, ledger_recovery=named))
    found(node, read_answers(_ANSWERS))
    work.sweep(node)
    return node


def words(request: bytes, keys: Sequence[Ed25519PrivateKey]) -> list[bytes]:
    """Return what recovery keys say to a request."""
    return [revocation.sign(request, key) for key in keys]


def verified(node: Node, raw: bytes, *pinned: VKey | str) -> Verdict:
    """Check a receipt as somebody does who pinned these keys of the log."""
    own = "".join(f"log {one}\n" for one in pinned) + "quorum none\n"
    pins = Pins(statements=(names.statements_signer(node).vkey,))
    return receipt.verify(raw, policy.parse(own.encode()), pins)


def grow(village: Village, node: Node) -> None:
    """Publish one more entry."""
    with node.begin(sealed=True) as tx:
        log.clear(node, tx, log.Notice(kind="policy", body={"policy": "quorum none\n"}))
    village.pass_time(minutes=2)
    log.publish(node, at=node.now())
