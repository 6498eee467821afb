"""What others are told of our own actors: that they changed, or are gone.

Each is written down beside what caused it, once, and ordered within its actor.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from federation import moves as wire
from node import actors, outbox
from node.actors import Prover
from node.core import Node
from node.ids import iri
from node.outbox import Sending


def changed(node: Node, tx: Session, actor: str, prover: Prover | None = None) -> None:
    """Tell everybody who heard of an actor of ours what it says of itself now.

    With a `prover`, that key vouches for what is new.
    """
    described = actors.described(node, tx, actor)
    said = wire.update(described, iri=iri(node, "activities"), at=node.now())
    _send(node, tx, actor, said, prover)


def gone(node: Node, tx: Session, actor: str) -> None:
    """Tell everybody who heard of an advocate of ours that the name is closed."""
    own = f"{node.settings.origin}{actor}"
    said = wire.gone(own, iri=iri(node, "activities"), at=node.now())
    _send(node, tx, actor, said, None)


def _send(
    node: Node,
    tx: Session,
    actor: str,
    document: Mapping[str, object],
    prover: Prover | None,
) -> None:
    context = f"{node.settings.origin}{actor}"
    sending = Sending(document=document, actor=actor, context=context, prover=prover)
    outbox.put(node, tx, sending, outbox.acquainted(tx, actor))
