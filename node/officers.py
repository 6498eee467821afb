"""Everybody who holds a role now, as their own visit would show them."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from node import aliases
from node.accounts.visitor import Visitor, grants_of, roles_of
from node.models.accounts import GrantRow


def every(tx: Session, *, at: datetime) -> Iterator[Visitor]:
    """Return whoever holds a grant at an instant, in the order of their ids."""
    holding = select(GrantRow.person_id).where(
        GrantRow.from_at <= at, GrantRow.expires_at > at
    )
    for person in tx.scalars(holding.distinct().order_by(GrantRow.person_id)).all():
        grants = grants_of(tx, person, at=at)
        yield Visitor(
            kind="member",
            person_id=person,
            aliases=aliases.below(tx, person),
            roles=roles_of(grants),
            grants=grants,
        )
