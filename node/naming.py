"""Finding names that sound alike, though every name is sealed.

For each word of a name the HMAC of its sound is kept: the tables alone tell that two
words sound alike, and never which.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.likeness import sounds
from node.core import Node
from node.models.people import NameKey
from node.upsert import insert_rows

#: Words of a name that are looked at; no name needs more.
_MOST_WORDS = 8


def keep(node: Node, tx: Session, person_id: UUID, name: str) -> None:
    """Keep by what a name is found."""
    digests = sorted(
        node.keys.mac("name", sound.encode()) for sound in sounds(name) if sound
    )
    rows: list[dict[str, object]] = [
        {"person_id": person_id, "digest": one} for one in digests[:_MOST_WORDS]
    ]
    insert_rows(tx, NameKey, rows)


def alike(tx: Session, person_id: UUID, *, most: int) -> list[UUID]:
    """Return some others with a word in their name that sounds alike."""
    mine = select(NameKey.digest).where(NameKey.person_id == person_id)
    found = (
        select(NameKey.person_id)
        .where(NameKey.digest.in_(mine), NameKey.person_id != person_id)
        .distinct()
        .order_by(NameKey.person_id)
        .limit(most)
    )
    return list(tx.scalars(found))
