"""New keys for our actors: made when the old ones are old, told to all who know them.

The old proof key vouches for the new one and stays listed for a while, so that what
it proved can still be checked. The seals' old key opens what is under way.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from federation.delivery import State
from node import actors, jobs, moves
from node.actors import making
from node.actors.keyring import ED25519, RSA, X25519
from node.core import Node
from node.logging import log
from node.models.actors import ActorKey
from node.models.outbox import Courier, Outgoing, Target
from node.upsert import insert_rows

JOB = "actors.rotate"
#: After how long each key gets a successor.
AGES = {
    RSA: timedelta(days=365),
    ED25519: timedelta(days=365),
    X25519: timedelta(days=90),
}
#: For how long the old one is of use beside the new one: listed, or opening seals.
OVERLAPS = {RSA: timedelta(), ED25519: timedelta(hours=48), X25519: timedelta(days=30)}
#: For so long something may wait for a node that is away.
LONGEST = timedelta(days=90)

#: Longer than between two looks, so that nothing is retired unseen.
_AHEAD = timedelta(hours=12)
#: What announced a key was written in its transaction, a moment later.
_MOMENT = timedelta(minutes=1)


def ask(node: Node) -> None:
    """Ask for new keys for every actor, whatever the age of what they have."""
    with node.begin() as tx:
        _ask(node, tx, timedelta())


def look(node: Node) -> None:
    """Ask for what is due by its age, and let go of what is over. Safe to repeat."""
    now = node.now()
    with node.begin() as tx:
        for row in tx.scalars(
            select(ActorKey).where(
                ActorKey.kind == ED25519,
                ActorKey.retired_at > now,
                ActorKey.retired_at <= now + _AHEAD,
            )
        ):
            if _is_needed(node, tx, row):
                row.retired_at = now + OVERLAPS[ED25519]
        over = (ActorKey.retired_at <= now, ActorKey.private.is_not(None))
        tx.execute(update(ActorKey).where(*over).values(private=None))
        _ask(node, tx, None)


def _is_needed(node: Node, tx: Session, row: ActorKey) -> bool:
    # What it proved cannot be proven anew: the bytes of an activity never change.
    successor = tx.get(ActorKey, (row.actor, row.kind, row.number + 1))
    if successor is None or successor.created_at <= node.now() - LONGEST:
        return False
    waiting = (
        select(Target.seq)
        .join(Outgoing, Outgoing.seq == Target.seq)
        .where(
            Target.origin.in_(select(Courier.origin)),
            Target.state.in_((State.WAITING, State.SENDING)),
            Outgoing.actor == row.actor,
            Outgoing.created_at <= successor.created_at + _MOMENT,
        )
    )
    return tx.scalar(waiting.limit(1)) is not None


def _ask(node: Node, tx: Session, age: timedelta | None) -> None:
    now = node.now()
    due: dict[str, list[str]] = {}
    current = select(ActorKey).where(ActorKey.retired_at.is_(None))
    for row in tx.scalars(current.order_by(ActorKey.actor, ActorKey.kind)):
        if now - row.created_at >= (AGES[row.kind] if age is None else age):
            due.setdefault(row.actor, []).append(f"{row.kind}:{row.number}")
    # The subject names what is to be replaced: asked for twice, it is replaced once.
    for actor, named in due.items():
        jobs.put(node, tx, jobs.Asked(JOB, " ".join([actor, *named]), now))


def rotate(node: Node, subject: str) -> None:
    """Give an actor new keys and tell everybody. Safe to call twice; takes a while."""
    actor, *named = subject.split()
    wanted = {
        kind: int(number) for kind, _, number in (it.partition(":") for it in named)
    }
    with node.read() as tx:
        wanted = {row.kind: row.number for row in _current(tx, actor, wanted)}
    made = {kind: making.new(node, actor, kind, no + 1) for kind, no in wanted.items()}
    if not made:
        return
    with node.begin() as tx:
        replaced = _current(tx, actor, wanted, lock=True)
        if len(replaced) < len(made):
            raise jobs.Later("overtaken")
        # Before the new one is there: the old key vouches for it.
        prover = actors.prover(node, tx, actor)
        for row in replaced:
            row.retired_at = node.now() + OVERLAPS[row.kind]
            if row.kind != X25519:  # seals may be under way; nothing else is
                row.private = None
        tx.flush()
        insert_rows(tx, ActorKey, list(made.values()))
        moves.changed(node, tx, actor, prover)
    log().info("actor.rotated", n=len(made))


def _current(
    tx: Session, actor: str, wanted: dict[str, int], *, lock: bool = False
) -> list[ActorKey]:
    found = select(ActorKey).where(
        ActorKey.actor == actor, ActorKey.retired_at.is_(None)
    )
    rows = tx.scalars(found.with_for_update() if lock else found)
    return [row for row in rows if wanted.get(row.kind) == row.number]
