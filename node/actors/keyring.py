"""The keys of our actors as they are kept: sealed at rest, the newest one signs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.actors import Keys
from federation.signatures import Signer
from governance.errors import NotFound
from node import vault
from node.core import Node
from node.models.actors import ActorKey

RSA, ED25519, X25519 = "rsa", "ed25519", "x25519"
#: What the newest key proves with: its id, and the key.
Prover: TypeAlias = tuple[str, Ed25519PrivateKey]
#: What a key's row is found by: actor, kind, number.
Row: TypeAlias = tuple[str, str, int]

_FRAGMENTS = {RSA: "main-key", ED25519: "ed25519-key", X25519: "seal-key"}


@dataclass(slots=True)
class _Opened:
    """The private keys one process has opened so far; losing them costs one read."""

    signers: dict[str, Signer] = field(default_factory=dict)
    provers: dict[str, Ed25519PrivateKey] = field(default_factory=dict)


def fragment(kind: str, number: int) -> str:
    """Return the part of a key's id that tells it from the actor's other keys."""
    return _FRAGMENTS[kind] + (f"-{number}" if number > 1 else "")


def seal(node: Node, row: Row, private: str) -> bytes:
    """Return the private half of a key as its row keeps it."""
    return vault.seal(node, node.keys.sub("actor-keys"), _place(row), private)


def _place(row: Row) -> vault.Place:
    return vault.Place("actor_key", "private", "/".join(map(str, row)))


def has_keys(tx: Session, actor: str) -> bool:
    """Say whether an actor of ours has all its keys. Before, nobody ever saw it."""
    return tx.get(ActorKey, (actor, RSA, 1)) is not None


def public(tx: Session, actor: str, *, at: datetime) -> Keys:
    """Return an actor's public keys; refuse an actor that has none yet."""
    found = select(ActorKey).where(ActorKey.actor == actor)
    rows = list(tx.scalars(found.order_by(ActorKey.number.desc())))
    newest = _newest_of(rows)
    if RSA not in newest or ED25519 not in newest:
        raise NotFound("There is no such actor here.")
    older = {
        fragment(row.kind, row.number): row.public
        for row in rows
        if row.kind == ED25519
        and row is not newest[ED25519]
        and row.retired_at is not None
        and row.retired_at > at
    }
    names = {kind: fragment(kind, row.number) for kind, row in newest.items()}
    sealing = newest.get(X25519)
    return Keys(
        newest[RSA].public.decode(),
        newest[ED25519].public,
        sealing.public if sealing else None,
        main_key=names[RSA],
        proof_key=names[ED25519],
        seal_key=names.get(X25519, _FRAGMENTS[X25519]),
        older=older,
    )


def _newest_of(rows: Iterable[ActorKey]) -> dict[str, ActorKey]:
    newest: dict[str, ActorKey] = {}
    for row in rows:
        newest.setdefault(row.kind, row)
    return newest


def signer(node: Node, actor: str) -> Signer:
    """Return what signs an actor's requests now; opened once for each process.

    Opens a transaction of its own: never call it inside one.
    """
    opened = _opened(node)
    with node.read() as tx:
        row = _newest(tx, actor, RSA)
        id_ = f"{node.settings.origin}{actor}#{fragment(RSA, row.number)}"
        sealed = b"" if id_ in opened.signers else _private(node, row)
    if id_ not in opened.signers:
        # What stands in our own sealed cell needs no second look, which takes long.
        key = forms.load_pem_private_key(
            sealed, None, unsafe_skip_rsa_key_validation=True
        )
        if not isinstance(key, rsa.RSAPrivateKey):
            raise vault.Damaged("an actor's key is of another kind")
        opened.signers[id_] = Signer(id_, key)
    return opened.signers[id_]


def prover(node: Node, tx: Session, actor: str) -> Prover:
    """Return what proves an actor's documents now: the key's id, and the key."""
    opened, row = _opened(node), _newest(tx, actor, ED25519)
    id_ = f"{node.settings.origin}{actor}#{fragment(ED25519, row.number)}"
    if id_ not in opened.provers:
        key = forms.load_pem_private_key(_private(node, row), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise vault.Damaged("an actor's key is of another kind")
        opened.provers[id_] = key
    return id_, opened.provers[id_]


def _opened(node: Node) -> _Opened:
    opened = node.memory.setdefault("actors", _Opened())
    if not isinstance(opened, _Opened):
        raise TypeError("somebody else keeps something under this name")
    return opened


def _newest(tx: Session, actor: str, kind: str) -> ActorKey:
    row = tx.scalar(
        select(ActorKey)
        .where(ActorKey.actor == actor, ActorKey.kind == kind)
        .order_by(ActorKey.number.desc())
        .limit(1)
    )
    if row is None or row.private is None:
        raise NotFound("There is no such actor here.")
    return row


def _private(node: Node, row: ActorKey) -> bytes:
    place, cell = _place((row.actor, row.kind, row.number)), row.private or b""
    return vault.unseal(node.keys.sub("actor-keys"), place, cell).encode()
