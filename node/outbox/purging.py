"""Letting go of what was sent long ago, and of who it went to."""

from typing import Final

from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.orm import aliased

from federation.delivery import OWED, UNFINISHED, State
from federation.inbox import Lane
from node.core import Node
from node.models.outbox import Outgoing, Target

#: Acts that say something to everybody: an actor's public outbox shows them for ever.
SHOWN: Final = ("Create", "Announce", "Update", "Delete")
_OPEN: Final = (*UNFINISHED, State.PARKED)
#: How many rows one transaction takes: others must not wait for it.
_BATCH: Final = 500


def purge(node: Node) -> None:
    """Forget public deliveries that are over and were followed by another.

    The last one to each inbox stays for each context: whoever was told of something
    must be told when it is taken back. What passes between parties stays, too.
    """
    while _purge_targets(node) == _BATCH:
        pass
    while _purge_outgoing(node) == _BATCH:
        pass


def _old(node: Node) -> tuple[ColumnElement[bool], ...]:
    return Outgoing.lane == Lane.PUBLIC, Outgoing.created_at <= node.now() - OWED


def _purge_targets(node: Node) -> int:
    later, told = aliased(Outgoing), aliased(Target)
    followed = (
        select(later.seq)
        .join(told, told.seq == later.seq)
        .where(
            later.context == Outgoing.context,
            later.seq > Outgoing.seq,
            told.inbox == Target.inbox,
        )
    )
    found = (
        select(Target.seq, Target.inbox)
        .join(Outgoing, Outgoing.seq == Target.seq)
        .where(*_old(node), Target.state.not_in(_OPEN), followed.exists())
        .limit(_BATCH)
    )
    with node.begin() as tx:
        keys = [(seq, inbox) for seq, inbox in tx.execute(found)]
        tx.execute(delete(Target).where(tuple_(Target.seq, Target.inbox).in_(keys)))
        return len(keys)


def _purge_outgoing(node: Node) -> int:
    over = Outgoing.type.not_in(SHOWN) | (Outgoing.raw == b"")
    has_target = select(Target.seq).where(Target.seq == Outgoing.seq).exists()
    found = select(Outgoing.seq).where(*_old(node), over, ~has_target).limit(_BATCH)
    with node.begin() as tx:
        seqs = tx.scalars(found).all()
        tx.execute(delete(Outgoing).where(Outgoing.seq.in_(seqs)))
        return len(seqs)
