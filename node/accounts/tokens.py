"""Tokens: 32 random bytes that only their holder has, and we know by a hash.

A program's token acts for one person in one role, for an hour. What it may do is
decided at every call by the grants of that moment, never by the token alone.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select

from governance.errors import NotFound, NotYours
from node import aliases, people
from node.accounts.visitor import Visitor, grants_of, roles_of
from node.core import Node
from node.models.accounts import Account, ApiToken
from node.models.people import Person

SIZE = 32
#: The role everybody has who has an account.
MEMBER = "member"
LASTS = timedelta(hours=1)


def mint(node: Node) -> str:
    """Return a new token."""
    return urlsafe_b64encode(node.dice(SIZE)).rstrip(b"=").decode()


def digest(token: str) -> bytes:
    """Return what is stored of a token; anything shorter would need a key."""
    return sha256(token.encode()).digest()


def grant_token(
    node: Node, *, role: str, person_id: UUID, scopes: Iterable[str]
) -> str:
    """Return a program's token for somebody in a role they hold; it lasts an hour."""
    now, role = node.now(), role or MEMBER
    token = mint(node)
    with node.begin() as tx:
        account = tx.scalar(select(Account).where(Account.person_id == person_id))
        if account is None or account.closed_at is not None:
            raise NotFound("There is no account of this person.")
        held = roles_of(grants_of(tx, person_id, at=now))
        if role not in held | {MEMBER}:
            raise NotYours(f"This person is no {role} at the moment.")
        tx.add(
            ApiToken(
                token_hash=digest(token),
                account_id=account.id,
                role=role,
                scopes=" ".join(sorted(scopes)),
                created_at=now,
                expires_at=now + LASTS,
            )
        )
    return token


def bearer(node: Node, token: str) -> Visitor | None:
    """Return for whom a program speaks, or None if its token is no longer good."""
    now = node.now()
    with node.read() as tx:
        found = tx.execute(
            select(ApiToken, Account, Person)
            .join(Account, Account.id == ApiToken.account_id)
            .join(Person, Person.id == Account.person_id)
            .where(
                ApiToken.token_hash == digest(token),
                ApiToken.expires_at > now,
                ApiToken.revoked_at.is_(None),
                Account.closed_at.is_(None),
            )
        ).one_or_none()
        if found is None:
            return None
        row, account, person = found
        held = grants_of(tx, person.id, at=now)
        grants = tuple(grant for grant in held if grant.role == row.role)
        return Visitor(
            kind="member",
            person_id=person.id,
            aliases=aliases.below(tx, person.id),
            account_id=account.id,
            name=people.name(node, tx, person.id, person.display_name),
            language=person.language,
            roles=roles_of(grants),
            grants=grants,
            channel="api",
            scopes=frozenset(row.scopes.split()),
        )


def on_behalf(node: Node, person_id: UUID) -> Visitor:
    """Return somebody for whom the operator acts: they may do what that person may."""
    with node.read() as tx:
        account = tx.scalar(select(Account).where(Account.person_id == person_id))
        if account is None or account.closed_at is not None:
            raise NotFound("There is no account of this person.")
        grants = grants_of(tx, person_id, at=node.now())
        person = tx.get_one(Person, person_id)
        return Visitor(
            kind="member",
            person_id=person_id,
            aliases=aliases.below(tx, person_id),
            account_id=account.id,
            name=people.name(node, tx, person_id, person.display_name),
            language=person.language,
            roles=roles_of(grants),
            grants=grants,
            # It came by no page; and it has none of the rights a member gives programs.
            channel="api",
        )


def withdraw_token(node: Node, token: str) -> None:
    """End a program's token. Safe to call twice."""
    with node.begin() as tx:
        tx.execute(delete(ApiToken).where(ApiToken.token_hash == digest(token)))
