"""The keys of our actors: made by a job, never in a request, and sealed at rest."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from federation.actors import Keys
from federation.signatures import Signer
from governance.errors import NotFound
from node import jobs, vault
from node.core import Node
from node.models.actors import ActorKey, AdvocateActor
from node.models.start import Community
from node.upsert import insert_once

JOB = "actors.make"
NODE = "/ap/node"
RSA, ED25519, X25519 = "rsa", "ed25519", "x25519"

_RSA_BITS, _RSA_EXPONENT = 2048, 65537


@dataclass(slots=True)
class _Opened:
    """The private keys one process has opened so far; losing them costs one read."""

    signers: dict[str, Signer] = field(default_factory=dict)
    provers: dict[str, Ed25519PrivateKey] = field(default_factory=dict)


def community(tx: Session) -> str:
    """Return the path of the community's actor."""
    return f"/ap/c/{tx.execute(select(Community.slug)).scalar_one()}"


def ask(node: Node, tx: Session, cause: str) -> None:
    """Write down that keys are missing: for this community, or for a new advocate."""
    jobs.put(node, tx, jobs.Asked(JOB, "all", node.now(), None, f"{JOB}/{cause}"))


def make(node: Node, _subject: str = "all") -> None:
    """Make the keys that are missing. Safe to call twice; takes a while."""
    with node.read() as tx:
        wanted = _wanted(tx)
        there = {(row.actor, row.kind) for row in tx.execute(_HELD)}
    for actor, kind in wanted:
        if (actor, kind) not in there:
            private, public = _MAKERS[kind]()
            row = {
                "actor": actor,
                "kind": kind,
                "number": 1,
                "public": public,
                "private": _sealed(node, actor, kind, private),
                "created_at": node.now(),
            }
            with node.begin() as tx:
                insert_once(tx, ActorKey, [row], "actor", "kind", "number")


def _wanted(tx: Session) -> list[tuple[str, str]]:
    wanted = [(NODE, RSA), (NODE, ED25519)]
    opened = tx.execute(select(Community.opened_at)).scalar_one()
    if opened is not None:
        wanted += [(community(tx), kind) for kind in (RSA, ED25519, X25519)]
    handles = select(AdvocateActor.handle).where(AdvocateActor.closed_at.is_(None))
    for handle in tx.scalars(handles):
        wanted += [(f"/ap/u/{handle}", kind) for kind in (RSA, ED25519)]
    return wanted


_HELD = select(ActorKey.actor, ActorKey.kind).where(ActorKey.retired_at.is_(None))


def _make_rsa() -> tuple[str, bytes]:
    key = rsa.generate_private_key(_RSA_EXPONENT, _RSA_BITS)
    public = key.public_key().public_bytes(
        forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo
    )
    return _pem(key), public


def _make_ed25519() -> tuple[str, bytes]:
    key = Ed25519PrivateKey.generate()
    return _pem(key), key.public_key().public_bytes_raw()


def _make_x25519() -> tuple[str, bytes]:
    key = X25519PrivateKey.generate()
    return _pem(key), key.public_key().public_bytes_raw()


_MAKERS = {RSA: _make_rsa, ED25519: _make_ed25519, X25519: _make_x25519}


def _pem(key: rsa.RSAPrivateKey | Ed25519PrivateKey | X25519PrivateKey) -> str:
    return key.private_bytes(
        forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()
    ).decode()


def _place(actor: str, kind: str) -> vault.Place:
    return vault.Place("actor_key", "private", f"{actor}/{kind}/1")


def _sealed(node: Node, actor: str, kind: str, private: str) -> bytes:
    key = node.keys.sub("actor-keys")
    return vault.seal(node, key, _place(actor, kind), private)


def public(tx: Session, actor: str) -> Keys:
    """Return an actor's public keys; refuse an actor that has none yet."""
    rows = tx.execute(
        select(ActorKey.kind, ActorKey.public).where(
            ActorKey.actor == actor, ActorKey.retired_at.is_(None)
        )
    )
    held: dict[str, bytes] = {row.kind: row.public for row in rows}
    if RSA not in held or ED25519 not in held:
        raise NotFound("There is no such actor here.")
    return Keys(held[RSA].decode(), held[ED25519], held.get(X25519))


def signer(node: Node, actor: str) -> Signer:
    """Return what signs an actor's requests; read once for each process.

    Opens a transaction of its own: never call it inside one.
    """
    opened = _opened(node)
    if actor not in opened.signers:
        with node.read() as tx:
            sealed = _private(node, tx, actor, RSA)
        # What stands in our own sealed cell needs no second look, which takes long.
        key = forms.load_pem_private_key(
            sealed, None, unsafe_skip_rsa_key_validation=True
        )
        if not isinstance(key, rsa.RSAPrivateKey):
            raise vault.Damaged("an actor's key is of another kind")
        opened.signers[actor] = Signer(f"{node.settings.origin}{actor}#main-key", key)
    return opened.signers[actor]


def prover(node: Node, tx: Session, actor: str) -> tuple[str, Ed25519PrivateKey]:
    """Return what proves an actor's documents: the key's id, and the key."""
    opened = _opened(node)
    if actor not in opened.provers:
        sealed = _private(node, tx, actor, ED25519)
        key = forms.load_pem_private_key(sealed, None)
        if not isinstance(key, Ed25519PrivateKey):
            raise vault.Damaged("an actor's key is of another kind")
        opened.provers[actor] = key
    return f"{node.settings.origin}{actor}#ed25519-key", opened.provers[actor]


def _opened(node: Node) -> _Opened:
    opened = node.memory.setdefault("actors", _Opened())
    if not isinstance(opened, _Opened):
        raise TypeError("somebody else keeps something under this name")
    return opened


def _private(node: Node, tx: Session, actor: str, kind: str) -> bytes:
    cell = tx.execute(
        select(ActorKey.private).where(
            ActorKey.actor == actor,
            ActorKey.kind == kind,
            ActorKey.retired_at.is_(None),
        )
    ).scalar()
    if cell is None:
        raise NotFound("There is no such actor here.")
    key = node.keys.sub("actor-keys")
    return vault.unseal(key, _place(actor, kind), cell).encode()
