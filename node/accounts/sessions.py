"""Sessions: the devices somebody is signed in on.

Every request asks the table, so a session that was ended fails at its next click.
The cookie holds a random token; the table knows only its MAC.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.errors import AuthRequired
from governance.roles import OFFICES
from node import aliases, people
from node.accounts import tokens
from node.accounts.visitor import Visitor, grants_of, roles_of
from node.core import Node
from node.ids import new_id
from node.logging import log
from node.models.accounts import Account, SignIn
from node.models.people import Person

IDLE, LONGEST = timedelta(days=14), timedelta(days=90)
#: For how long a proof counts as one for keys, export, erasure, sharing, votes.
FRESH = timedelta(minutes=15)
#: Unused for so long, stewards and coordinators are members until their next proof.
OFFICE = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
_LABEL_LIMIT = 80


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the token for the cookie, and who that now is."""

    session_token: str = field(repr=False)
    visitor: Visitor


class Proof(NamedTuple):
    """How somebody just showed who they are, and on which device."""

    method: str
    label: str


class _Living(NamedTuple):
    row: SignIn
    account: Account
    person: Person


def session(node: Node, token: str) -> Visitor | None:
    """Return who holds this token, or None if it signs nobody in (any more)."""
    now = node.now()
    with node.read() as tx:
        found = _find(node, tx, token, at=now)
        if found is None:
            return None
        visitor = _visitor(node, tx, found, at=now)
    if now - found.row.seen_at >= _SEEN_EVERY:
        _seen(node, found.row, at=now)
    return visitor


def _find(node: Node, tx: Session, token: str, *, at: datetime) -> _Living | None:
    found = tx.execute(
        select(SignIn, Account, Person)
        .join(Account, Account.id == SignIn.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(
            SignIn.id_hash == id_of(node, token),
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > at,
            SignIn.seen_at > at - IDLE,
            Account.closed_at.is_(None),
        )
    ).one_or_none()
    return None if found is None else _Living(*found)


def id_of(node: Node, token: str) -> bytes:
    """Return the id a session is stored under."""
    return node.keys.mac("session", token.encode())


def _visitor(node: Node, tx: Session, found: _Living, *, at: datetime) -> Visitor:
    row, account, person = found
    held = grants_of(tx, person.id, at=at)
    rest = OFFICES if at >= row.office_until else frozenset()
    grants = tuple(grant for grant in held if grant.role not in rest)
    return Visitor(
        kind="member",
        person_id=person.id,
        aliases=aliases.below(tx, person.id),
        account_id=account.id,
        name=people.name(node, tx, person.id, person.display_name),
        language=person.language,
        session_id=row.id_hash,
        fresh=at < row.fresh_until,
        stale=row.roles != _written(roles_of(held)),
        roles=roles_of(grants),
        grants=grants,
    )


def _written(roles: frozenset[str]) -> str:
    return " ".join(sorted(roles))


def _seen(node: Node, row: SignIn, *, at: datetime) -> None:
    awake = at < row.office_until
    with node.begin(durable=False) as tx:
        tx.execute(
            update(SignIn)
            .where(SignIn.id_hash == row.id_hash, SignIn.seen_at < at)
            .values(seen_at=at, office_until=at + OFFICE if awake else row.office_until)
        )


def open_account(node: Node, tx: Session, person_id: UUID) -> Account:
    """Give somebody an account, or return the one they have."""
    account = tx.scalar(select(Account).where(Account.person_id == person_id))
    if account is None:
        account = Account(id=new_id(node), person_id=person_id, created_at=node.now())
        tx.add(account)
        tx.flush()
    return account


def open_session(node: Node, tx: Session, account: Account, proof: Proof) -> SignedIn:
    """Begin a session for somebody who has just proved who they are."""
    now = node.now()
    log().info("auth.new", kind=proof.method)
    row = SignIn(
        account_id=account.id,
        created_at=now,
        seen_at=now,
        expires_at=now + LONGEST,
        method=proof.method,
        fresh_until=now + FRESH,
        office_until=now + OFFICE,
        label=proof.label[:_LABEL_LIMIT],
    )
    return _write(node, tx, _Living(row, account, _person(tx, account)))


def _person(tx: Session, account: Account) -> Person:
    return tx.get_one(Person, account.person_id)


def _write(node: Node, tx: Session, new: _Living) -> SignedIn:
    token, now = tokens.mint(node), node.now()
    new.row.id_hash = id_of(node, token)
    new.row.roles = _written(roles_of(grants_of(tx, new.person.id, at=now)))
    tx.add(new.row)
    tx.flush()
    return SignedIn(token, _visitor(node, tx, new, at=now))


def renew(node: Node, token: str) -> SignedIn | None:
    """Replace the token of a session, as whenever its holder's roles have changed.

    The old token ends. None if it signed nobody in, or a second request was quicker.
    """
    now = node.now()
    with node.begin() as tx:
        found = _find(node, tx, token, at=now)
        if found is None:
            return None
        old = found.row
        tx.refresh(old, with_for_update=True)
        if old.revoked_at is not None:
            return None
        row = SignIn(
            account_id=old.account_id,
            created_at=old.created_at,
            seen_at=now,
            expires_at=old.expires_at,
            method=old.method,
            fresh_until=old.fresh_until,
            office_until=old.office_until,
            label=old.label,
        )
        old.revoked_at = now
        return _write(node, tx, _Living(row, found.account, found.person))


def require_fresh(by: Visitor) -> None:
    """Refuse whoever has not proved within a quarter of an hour who they are."""
    if not by.fresh:
        raise AuthRequired("For this, please show once more that it is you.")
