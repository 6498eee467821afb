"""The devices somebody is signed in on: seen, and ended one by one or all at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from governance.errors import AuthRequired, NotFound
from node.accounts.sessions import IDLE
from node.accounts.visitor import Visitor
from node.core import Node
from node.logging import log
from node.models.accounts import ApiToken, PasskeyChallenge, SignIn, SignInLink


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One of somebody's sessions, as they see it listed."""

    ref: str
    label: str
    method: str
    created_at: datetime
    seen_at: datetime
    #: Whether it is the one that is looking.
    here: bool


def sign_out(node: Node, *, by: Visitor) -> None:
    """End the session somebody is using. Safe to call twice."""
    with node.begin() as tx:
        tx.execute(
            update(SignIn)
            .where(SignIn.id_hash == by.session_id, SignIn.revoked_at.is_(None))
            .values(revoked_at=node.now())
        )


def sessions(node: Node, *, by: Visitor) -> list[SessionLine]:
    """Return where somebody is signed in, the newest use first."""
    now = node.now()
    with node.read() as tx:
        rows = tx.scalars(_open(by, at=now).order_by(SignIn.seen_at.desc())).all()
    return [
        SessionLine(
            ref=row.id_hash.hex(),
            label=row.label,
            method=row.method,
            created_at=row.created_at,
            seen_at=row.seen_at,
            here=row.id_hash == by.session_id,
        )
        for row in rows
    ]


def _open(by: Visitor, *, at: datetime) -> Select[SignIn]:
    if by.account_id is None:
        raise AuthRequired("Please sign in first.")
    return select(SignIn).where(
        SignIn.account_id == by.account_id,
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > at,
        SignIn.seen_at > at - IDLE,
    )


def revoke(node: Node, session_ref: str, *, by: Visitor) -> None:
    """End one of somebody's own sessions, named by its line."""
    with node.begin() as tx:
        rows = tx.scalars(_open(by, at=node.now())).all()
        named = [row for row in rows if row.id_hash.hex() == session_ref]
        for row in named:
            row.revoked_at = node.now()
    if not named:
        raise NotFound("There is no such session.")
    log().info("session.revoked")


def end_all(tx: Session, account_id: UUID, *, at: datetime) -> None:
    """End every session of an account, as when it is suspended or taken over."""
    tx.execute(
        update(SignIn)
        .where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def forget(node: Node) -> None:
    """Drop what signs nobody in any more. Safe to call at any time."""
    now = node.now()
    with node.begin() as tx:
        for ended in (SignIn, SignInLink, PasskeyChallenge, ApiToken):
            tx.execute(delete(ended).where(ended.expires_at <= now))
        tx.execute(
            delete(SignIn).where(
                or_(SignIn.revoked_at.is_not(None), SignIn.seen_at <= now - IDLE)
            )
        )
