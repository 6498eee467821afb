"""Who is acting: what a request is allowed to know about the person behind it.

Grants and names are read anew for every request, so what was taken from somebody
is gone at their next click. Nothing here is ever kept between two requests.
"""

from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.roles import Grant
from node.models.accounts import GrantRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever is asking for something, as far as we know them at this moment."""

    kind: Literal["guest", "member"] = "guest"
    person_id: UUID | None = None
    #: Who else turned out to be them: what is those people's is theirs.
    aliases: frozenset[UUID] = frozenset()
    account_id: UUID | None = None
    name: str = field(default="", repr=False)
    language: str = ""
    #: The hash of the session; None when there is no cookie behind this.
    session_id: bytes | None = None
    #: Whether they proved who they are within the last quarter of an hour: by signing
    #: in or, with a link, by a code.
    fresh: bool = False
    #: Whether their roles changed since the cookie was made: see `accounts.renew`.
    stale: bool = False
    #: The roles that act now, and what they were granted for.
    roles: frozenset[str] = frozenset()
    grants: tuple[Grant, ...] = ()
    #: The one case a guest's link opens.
    case_id: UUID | None = None
    link_id: bytes | None = field(default=None, repr=False)
    #: The part somebody has in a case of somebody else, by a link of their own.
    party_id: UUID | None = None
    #: By which way they speak: a word of both `intake.Channel` and the ledger.
    channel: str = "web"
    #: What a program may do for its member; a page may do all they may.
    scopes: frozenset[str] = frozenset()

    def is_person(self, person_id: UUID) -> bool:
        """Say whether somebody is this visitor, under whatever row."""
        return person_id == self.person_id or person_id in self.aliases


#: The visitor nobody knows.
GUEST = Visitor()


def grants_of(tx: Session, person_id: UUID, *, at: datetime) -> tuple[Grant, ...]:
    """Return the grants somebody holds at a moment."""
    return every_grant(tx, at=at, among={person_id}).get(person_id, ())


def every_grant(
    tx: Session, *, at: datetime, among: AbstractSet[UUID] | None = None
) -> dict[UUID, tuple[Grant, ...]]:
    """Return the grants that everybody holds at a moment, or only some."""
    rows = (
        select(GrantRow)
        .where(GrantRow.from_at <= at, GrantRow.expires_at > at)
        .order_by(GrantRow.role, GrantRow.id)
    )
    if among is not None:
        rows = rows.where(GrantRow.person_id.in_(among))
    held: dict[UUID, tuple[Grant, ...]] = defaultdict(tuple)
    for row in tx.scalars(rows):
        held[row.person_id] += (_grant(row),)
    return dict(held)


def _grant(row: GrantRow) -> Grant:
    return Grant(
        role=row.role,
        from_=row.from_at,
        expires_at=row.expires_at,
        topics=_scope(row.topics),
        areas=_scope(row.areas),
        teams=_scope(row.teams or "all"),
        clearance=frozenset(row.clearance.split()),
    )


def _scope(text: str) -> frozenset[str] | Literal["all"]:
    return "all" if text == "all" else frozenset(text.split())


def roles_of(grants: tuple[Grant, ...]) -> frozenset[str]:
    """Return the names of the roles in some grants."""
    return frozenset(grant.role for grant in grants)
