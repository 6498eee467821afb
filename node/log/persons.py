"""The chain of one person: their keys, what they allow in general, their points.

It is a chain like a case's, of the person's own id, and begins when there is something
to be said in it.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from ledger.entry import Role
from node.core import Node
from node.log.chains import Chain, chain, has_chain, open_chain
from node.log.shapes import Saying
from node.models.people import Person


def member_chain(node: Node, tx: Session, person_id: UUID) -> Chain:
    """Lock and return a person's chain; begin it with `member.open` if there is none.

    Nothing of it is written before `write`.
    """
    # Two who begin it at once: the second waits, and finds it begun.
    tx.get_one(Person, person_id, with_for_update={"key_share": True})
    if has_chain(tx, person_id):
        return chain(node, tx, person_id)
    begun = open_chain(node, tx, person_id)
    begun.say(Saying(kind="member.open", role=Role.NODE))
    return begun


def add_key(node: Node, tx: Session, person_id: UUID, key_id: str, label: str) -> None:
    """Seal that a person signs with one more key from now on."""
    _say(node, tx, person_id, "key.add", {"key": key_id, "label": label})


def revoke_key(node: Node, tx: Session, person_id: UUID, key_id: str) -> None:
    """Seal that a person no longer signs with a key; what it signed stays signed."""
    _say(node, tx, person_id, "key.revoke", {"key": key_id})


def _say(
    node: Node, tx: Session, person_id: UUID, kind: str, fields: dict[str, str]
) -> None:
    own = member_chain(node, tx, person_id)
    own.say(Saying(kind=kind, role=Role.NODE, fields=fields))
    own.write()
    tx.info["ring"] = True
