"""Advocates who chose to be seen by other nodes, under a handle of their own."""

import re

from sqlalchemy import select

from governance.errors import ChoiceInvalid, NotYours, WrongState
from node import actors
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.actors import AdvocateActor

_HANDLE = re.compile(r"[a-z][a-z0-9_]{1,29}")
#: Names that would speak for somebody else.
_RESERVED = frozenset(
    {"admin", "abuse", "folkmoot", "help", "moderator", "node", "root", "security",
     "steward", "support", "system"}
)  # fmt: skip


def open_actor(node: Node, handle: str, name: str, *, by: Visitor) -> None:
    """Give an advocate a public name. It is theirs alone, and for good."""
    if "advocate" not in by.roles or by.person_id is None:
        raise NotYours("Only advocates answer other communities.")
    if not _HANDLE.fullmatch(handle) or handle in _RESERVED:
        raise ChoiceInvalid("A handle has 2 to 30 letters, digits or underscores.")
    with node.begin() as tx:
        own = select(AdvocateActor).where(AdvocateActor.person_id == by.person_id)
        slug = actors.community(tx).rpartition("/")[2]
        if tx.scalar(own) is not None:
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
        actors.ask(node, tx, handle)


def handle_of(node: Node, *, by: Visitor) -> str:
    """Return the handle of an advocate; empty for who has none."""
    with node.read() as tx:
        found = select(AdvocateActor.handle).where(
            AdvocateActor.person_id == by.person_id, AdvocateActor.closed_at.is_(None)
        )
        return tx.scalar(found) or ""
