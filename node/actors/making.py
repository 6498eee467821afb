"""Our actors, and their keys: made by a job, never in a request."""

from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from node import jobs
from node.actors import keyring
from node.actors.keyring import ED25519, RSA, X25519
from node.core import Node
from node.models.actors import ActorKey, AdvocateActor
from node.models.start import Community
from node.upsert import insert_once

JOB = "actors.make"
NODE = "/ap/node"

_RSA_BITS, _RSA_EXPONENT = 2048, 65537
_HELD = select(ActorKey.actor, ActorKey.kind)


def community(tx: Session) -> str:
    """Return the path of the community's actor."""
    return f"/ap/c/{tx.execute(select(Community.slug)).scalar_one()}"


def ask(node: Node, tx: Session, cause: str) -> None:
    """Write down that keys are missing: for this community, or for a new advocate."""
    jobs.put(node, tx, jobs.Asked(JOB, "all", node.now(), None, f"{JOB}/{cause}"))


def begin(node: Node, tx: Session, actor: str) -> None:
    """Give a new advocate the key of proofs, so that they can speak at once.

    The key of requests takes a while and is made by a job, before anything is sent.
    """
    tx.add(ActorKey(**new(node, actor, ED25519, 1)))
    ask(node, tx, actor)


def make(node: Node, _subject: str = "all") -> None:
    """Make the keys that are missing. Safe to call twice; takes a while."""
    with node.read() as tx:
        wanted = _wanted(tx)
        there = {(row.actor, row.kind) for row in tx.execute(_HELD)}
    for actor, kind in wanted:
        if (actor, kind) not in there:
            row = new(node, actor, kind, 1)
            with node.begin() as tx:
                insert_once(tx, ActorKey, [row], "actor", "kind", "number")


def new(node: Node, actor: str, kind: str, number: int) -> dict[str, object]:
    """Return a new key of an actor, as a row that is not stored yet. Takes a while."""
    private, public = _MAKERS[kind]()
    return {
        "actor": actor,
        "kind": kind,
        "number": number,
        "public": public,
        "private": keyring.seal(node, (actor, kind, number), private),
        "created_at": node.now(),
    }


def _wanted(tx: Session) -> list[tuple[str, str]]:
    wanted = [(NODE, RSA), (NODE, ED25519)]
    opened = tx.execute(select(Community.opened_at)).scalar_one()
    if opened is not None:
        wanted += [(community(tx), kind) for kind in (RSA, ED25519, X25519)]
    handles = select(AdvocateActor.handle).where(AdvocateActor.closed_at.is_(None))
    for handle in tx.scalars(handles):
        wanted += [(f"/ap/u/{handle}", kind) for kind in (RSA, ED25519)]
    return wanted


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
