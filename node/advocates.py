"""Advocates who chose to be seen by other nodes, under a handle of their own."""

import re
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.errors import ChoiceInvalid, NotYours, WrongState
from node import actors, moves, outbox
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.actors import ActorKey, AdvocateActor
from node.models.outbox import Outgoing
from node.models.people import Person
from node.models.publications import PublicAnswer

_HANDLE = re.compile(r"[a-z][a-z0-9_]{1,29}")
#: Names that would speak for somebody else.
_RESERVED = frozenset(
    {"admin", "abuse", "folkmoot", "help", "moderator", "node", "root", "security",
     "steward", "support", "system"}
)  # fmt: skip
#: For so long the last word may wait for a node that is away, and has to be signed.
_LAST_WORD = timedelta(days=90)


def open_actor(node: Node, handle: str, name: str, *, by: Visitor) -> None:
    """Give an advocate a public name. The handle is theirs alone, and for good."""
    if "advocate" not in by.roles or by.person_id is None:
        raise NotYours("Only advocates answer other communities.")
    if not _HANDLE.fullmatch(handle) or handle in _RESERVED:
        raise ChoiceInvalid("A handle has 2 to 30 letters, digits or underscores.")
    with node.begin() as tx:
        # One after the other, so that nobody has two.
        tx.get_one(Person, by.person_id, with_for_update=True)
        slug = actors.community(tx).rpartition("/")[2]
        if _own(tx, by) is not None:
            raise WrongState("You have a public name already.")
        if handle == slug or tx.get(AdvocateActor, handle) is not None:
            raise ChoiceInvalid("Somebody else has this handle. Choose another one.")
        tx.add(
            AdvocateActor(
                handle=handle,
                person_id=by.person_id,
                name=name.strip() or handle,
                opened_at=node.now(),
            )
        )
        tx.flush()
        actors.begin(node, tx, f"/ap/u/{handle}")


def rename(node: Node, name: str, *, by: Visitor) -> None:
    """Show another name with an advocate's handle, and tell others. Twice is once."""
    with node.begin() as tx:
        row = _held(tx, by)
        before, row.name = row.name, name.strip() or row.handle
        tx.flush()
        if row.name != before and actors.has_keys(tx, _path(row)):
            moves.changed(node, tx, _path(row))


def close_actor(node: Node, *, by: Visitor) -> None:
    """Close an advocate's public name for good, and take back what stands under it.

    Nobody ever gets the handle again. Safe to call twice.
    """
    now = node.now()
    with node.begin() as tx:
        row = _own(tx, by)
        if row is None:
            return
        tx.refresh(row, with_for_update=True)
        if row.closed_at is not None:
            return
        row.closed_at = now
        tx.execute(
            update(PublicAnswer)
            .where(PublicAnswer.handle == row.handle, PublicAnswer.deleted_at.is_(None))
            .values(text="", deleted_at=now)
        )
        said = select(Outgoing.seq).where(Outgoing.actor == _path(row))
        outbox.forget(tx, tx.scalars(said).all())
        if actors.has_keys(tx, _path(row)):
            moves.gone(node, tx, _path(row))
        keys = update(ActorKey).where(ActorKey.actor == _path(row))
        tx.execute(keys.values(retired_at=now + _LAST_WORD))


def own(node: Node, *, by: Visitor) -> tuple[str, str]:
    """Return handle and shown name of an advocate; empty for who has none."""
    with node.read() as tx:
        row = _own(tx, by)
        return (row.handle, row.name) if row is not None else ("", "")


def handle_of(node: Node, *, by: Visitor) -> str:
    """Return the handle of an advocate; empty for who has none."""
    return own(node, by=by)[0]


def _own(tx: Session, by: Visitor) -> AdvocateActor | None:
    found = select(AdvocateActor).where(
        AdvocateActor.person_id == by.person_id, AdvocateActor.closed_at.is_(None)
    )
    return tx.scalar(found)


def _held(tx: Session, by: Visitor) -> AdvocateActor:
    row = _own(tx, by)
    if row is not None:
        tx.refresh(row, with_for_update=True)
    if row is None or row.closed_at is not None:
        raise NotYours("Only who has a public name can change it.")
    return row


def _path(row: AdvocateActor) -> str:
    return f"/ap/u/{row.handle}"
