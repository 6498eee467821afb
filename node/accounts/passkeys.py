"""Passkeys: an authenticator signs what we asked, and nobody types anything.

A challenge is asked once and gone with its first answer, right or wrong. A counter
that goes back is shown to the key's owner and never locks anybody out.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn.registration.verify_registration_response import VerifiedRegistration

from governance.errors import AuthRequired, NotFound, SignInInvalid
from governance.roles import OFFICES
from node.accounts import ceremonies, signing, tokens
from node.accounts.sessions import Proof, SignedIn, open_session, require_fresh
from node.accounts.visitor import Visitor, grants_of, roles_of
from node.core import Node
from node.ids import new_id
from node.logging import log
from node.models.accounts import Account, Passkey, PasskeyChallenge
from node.models.start import Community
from node.upsert import table

_ASKED = timedelta(minutes=5)
_SIZE = 32
_LABEL_LIMIT = 80


@dataclass(frozen=True, slots=True)
class PasskeyAsk:
    """What the browser hands to its authenticator, and what it hands back with it."""

    options_json: str = field(repr=False)
    state: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """One of somebody's passkeys, as they see it listed."""

    ref: str
    label: str
    created_at: datetime
    used_at: datetime | None
    #: Its counter went back once: somebody may hold a copy.
    doubted: bool


def passkey_options(node: Node, *, by: Visitor | None) -> PasskeyAsk:
    """Ask for a new passkey of a member, or, without one, for any passkey of ours."""
    challenge, state = node.dice(_SIZE), tokens.mint(node)
    account_id = None if by is None else _fresh_account(by)
    with node.begin(durable=False) as tx:
        tx.execute(
            table(PasskeyChallenge).insert(),
            {
                "id_hash": tokens.digest(state),
                "challenge": challenge,
                "account_id": account_id,
                "expires_at": node.now() + _ASKED,
            },
        )
        title = tx.scalars(select(Community.name)).one_or_none() or "Folkmoot"
        known = tuple(key.credential_id for key in _keys(tx, account_id))
    if by is None or account_id is None:
        return PasskeyAsk(ceremonies.to_sign_in(node.settings, challenge), state)
    who = ceremonies.Bearer(account_id, by.name or title, known, unlocked=_office(by))
    return PasskeyAsk(ceremonies.to_add(node.settings, challenge, title, who), state)


def _fresh_account(by: Visitor) -> UUID:
    require_fresh(by)
    return _account(by)


def _account(by: Visitor) -> UUID:
    if by.account_id is None:
        raise AuthRequired("Please sign in first.")
    return by.account_id


def _office(by: Visitor) -> bool:
    return bool(by.roles & OFFICES)


def _keys(tx: Session, account_id: UUID | None) -> list[Passkey]:
    return list(
        tx.scalars(
            select(Passkey)
            .where(Passkey.account_id == account_id)
            .order_by(Passkey.created_at, Passkey.id)
        )
    )


def add_passkey(
    node: Node, answer_json: str, state: str, *, label: str, by: Visitor
) -> None:
    """Keep the passkey a member's authenticator has just made for us."""
    account_id = _fresh_account(by)
    with node.begin() as tx:
        challenge = _take(node, tx, state, account_id=account_id)
        new = None if challenge is None else _made(node, challenge, answer_json, by)
        if new is not None and _known(tx, new.credential_id):
            new = None
        if new is not None:
            key = Passkey(
                id=new_id(node),
                credential_id=new.credential_id,
                account_id=account_id,
                public_key=new.credential_public_key,
                sign_count=new.sign_count,
                label=label[:_LABEL_LIMIT],
                created_at=node.now(),
            )
            tx.add(key)
    if new is None:
        raise SignInInvalid("This passkey could not be added. Please try again.")


def _made(
    node: Node, challenge: bytes, answer_json: str, by: Visitor
) -> VerifiedRegistration | None:
    return ceremonies.made(node.settings, challenge, answer_json, unlocked=_office(by))


def _known(tx: Session, credential_id: bytes) -> bool:
    found = select(Passkey.id).where(Passkey.credential_id == credential_id)
    return tx.scalar(found) is not None


def _take(
    node: Node, tx: Session, state: str, *, account_id: UUID | None
) -> bytes | None:
    row = tx.execute(
        delete(PasskeyChallenge)
        .where(PasskeyChallenge.id_hash == tokens.digest(state))
        .returning(
            PasskeyChallenge.challenge,
            PasskeyChallenge.account_id,
            PasskeyChallenge.expires_at,
        )
    ).one_or_none()
    if row is None or row.account_id != account_id or row.expires_at <= node.now():
        return None
    challenge: bytes = row.challenge
    return challenge


def passkey_sign_in(
    node: Node, answer_json: str, state: str, *, label: str
) -> SignedIn:
    """Sign in whoever's authenticator signed what we asked it to."""
    with node.begin() as tx:
        challenge = _take(node, tx, state, account_id=None)
        account = challenge and _signer(node, tx, challenge, answer_json)
        signed_in = account and open_session(node, tx, account, Proof("passkey", label))
    if not signed_in:
        log().warning("auth.failed", kind="passkey")
        raise SignInInvalid("This passkey did not sign you in. Please try again.")
    return signed_in


def _signer(
    node: Node, tx: Session, challenge: bytes, answer_json: str
) -> Account | None:
    found = _named(tx, answer_json)
    if found is None:
        return None
    key, account = found
    held = roles_of(grants_of(tx, account.person_id, at=node.now()))
    answer = ceremonies.signed(
        node.settings,
        challenge,
        answer_json,
        key.public_key,
        unlocked=bool(held & OFFICES),
    )
    if answer is None:
        return None
    _count(node, key, answer.new_sign_count)
    return account


def _named(tx: Session, answer_json: str) -> tuple[Passkey, Account] | None:
    claim = ceremonies.named(answer_json)
    if claim is None:
        return None
    credential_id, handle = claim
    found = tx.execute(
        select(Passkey, Account)
        .join(Account, Account.id == Passkey.account_id)
        .where(Passkey.credential_id == credential_id, Account.closed_at.is_(None))
        .with_for_update(of=Passkey)
    ).one_or_none()
    if found is None or handle not in {None, found[1].id.bytes}:
        return None
    return found[0], found[1]


def _count(node: Node, key: Passkey, count: int) -> None:
    if count <= key.sign_count and (count, key.sign_count) != (0, 0):
        key.doubted_at = node.now()
        log().warning("auth.counter", kind="passkey")
    key.sign_count, key.used_at = count, node.now()


def passkeys(node: Node, *, by: Visitor) -> list[PasskeyLine]:
    """Return somebody's passkeys, the oldest first."""
    with node.read() as tx:
        rows = _keys(tx, _account(by))
    return [
        PasskeyLine(
            row.id.hex,
            row.label,
            row.created_at,
            row.used_at,
            row.doubted_at is not None,
        )
        for row in rows
    ]


def remove_passkey(node: Node, ref: str, *, by: Visitor) -> None:
    """Take away one of somebody's own passkeys: it signs nobody in any more."""
    account_id = _fresh_account(by)
    with node.begin() as tx:
        named = [row for row in _keys(tx, account_id) if row.id.hex == ref]
        for row in named:
            if by.person_id is not None:
                signing.revoke_key(node, tx, row, by.person_id)
            tx.delete(row)
    if not named:
        raise NotFound("There is no such passkey.")
