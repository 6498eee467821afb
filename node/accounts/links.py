"""Signing in by a link or a code that goes to a contact point of the account.

Asking is the same work for everybody: whose contact it is, a job finds out later.
Looking at a link never uses it up, since mail scanners look at every link.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from governance.errors import LinkInvalid, SignInInvalid
from governance.people import mask
from node import jobs, notices, people, throttle
from node.accounts import tokens
from node.accounts.sessions import Proof, SignedIn, open_session
from node.core import Node
from node.ids import new_id
from node.logging import log
from node.models.accounts import Account, SignInLink
from node.models.people import ContactPoint

#: The kind of the job that finds out whose contact it is: see `send_link`.
JOB = "sign-in.link"
LASTS = timedelta(minutes=15)
TRIES = 5
_CODES = 1_000_000
#: What the code of somebody we do not know is compared with.
_NO_MAC = bytes(32)


@dataclass(frozen=True, slots=True)
class Pending:
    """A link that would sign somebody in, if they asked for that."""

    #: Masked: enough to recognise the own address, not to learn another's.
    contact: str
    expires_at: datetime


def ask_link(node: Node, contact: str, *, source: str) -> None:
    """Have a link and a code sent to a contact, if it is the contact of an account.

    Nothing here tells whether it is: not the answer, and not the work done for it.
    """
    digest = people.digest(node, people.contact(contact))
    throttle.spend(node, "sign-in.link", digest.hex(), source)
    now, asked = node.now(), new_id(node)
    with node.begin() as tx:
        tx.add(
            SignInLink(
                id=asked,
                contact_index=digest,
                asked_at=now,
                expires_at=now + LASTS,
                tries_left=TRIES,
            )
        )
        jobs.put(node, tx, jobs.Asked(JOB, str(asked), now))


def send_link(node: Node, asked: str) -> None:
    """Make the link somebody asked for, and have it sent. Safe to call twice."""
    now = node.now()
    with node.begin() as tx:
        row = tx.get(SignInLink, UUID(asked), with_for_update=True)
        if row is None or row.account_id is not None or row.expires_at <= now:
            return
        owner = _owner(tx, row.contact_index)
        if owner is None:
            return
        account, contact = owner
        token, code = tokens.mint(node), _code(node)
        row.account_id, row.contact_id = account.id, contact.id
        row.token_hash, row.code_mac = tokens.digest(token), _mac(node, row.id, code)
        link = f"{node.settings.origin}/sign-in/{token}"
        values = {"link": link, "code": code}
        notices.queue(node, tx, contact, notices.About("sign-in", values))


def _owner(tx: Session, digest: bytes) -> tuple[Account, ContactPoint] | None:
    found = tx.execute(
        select(Account, ContactPoint)
        .join(ContactPoint, ContactPoint.person_id == Account.person_id)
        .where(
            ContactPoint.digest == digest,
            ContactPoint.verified_at.is_not(None),
            Account.closed_at.is_(None),
        )
        .order_by(Account.created_at, Account.id)
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def _code(node: Node) -> str:
    return f"{int.from_bytes(node.dice(16)) % _CODES:06}"


def _mac(node: Node, asked: UUID, code: str) -> bytes:
    return node.keys.mac("link", b"code\0" + asked.bytes + code.encode())


def peek_link(node: Node, token: str) -> Pending | None:
    """Return whom a link would sign in, or None. It stays as good as it was."""
    with node.read() as tx:
        row = tx.scalar(_by_token(token))
        owner = None if row is None else _still(node, tx, row)
        if row is None or owner is None:
            return None
        contact = people.contact_of(node, tx, owner[1])
    return Pending(mask(contact), row.expires_at)


def _by_token(token: str) -> Select[SignInLink]:
    return select(SignInLink).where(SignInLink.token_hash == tokens.digest(token))


def _still(
    node: Node, tx: Session, row: SignInLink
) -> tuple[Account, ContactPoint] | None:
    if row.used_at is not None or row.expires_at <= node.now():
        return None
    # Asked anew: the contact may have been changed or taken away in the meantime.
    owner = _owner(tx, row.contact_index)
    if owner is None or (owner[0].id, owner[1].id) != (row.account_id, row.contact_id):
        return None
    return owner


def use_link(node: Node, token: str, *, label: str) -> SignedIn:
    """Sign in whoever holds this link. It works once, and ends its sisters."""
    with node.begin() as tx:
        row = tx.scalar(_by_token(token).with_for_update())
        signed_in = None if row is None else _use(node, tx, row, Proof("link", label))
    if signed_in is None:
        log().warning("auth.failed", kind="link")
        raise LinkInvalid("This link was used, or is older than 15 minutes.")
    return signed_in


def _use(node: Node, tx: Session, row: SignInLink, proof: Proof) -> SignedIn | None:
    owner = _still(node, tx, row)
    if owner is None:
        return None
    tx.execute(
        update(SignInLink)
        .where(
            SignInLink.contact_index == row.contact_index, SignInLink.used_at.is_(None)
        )
        .values(used_at=node.now())
    )
    return open_session(node, tx, owner[0], proof)


def use_code(
    node: Node, contact: str, code: str, *, label: str, source: str
) -> SignedIn:
    """Sign somebody in by the code of the newest message they asked for.

    A code may be tried five times, right or wrong.
    """
    throttle.spend(node, "sign-in.code", source)
    digest = people.digest(node, people.contact(contact))
    with node.begin() as tx:
        row = _newest(tx, digest, at=node.now())
        right = _guess(node, row, code)
        signed_in = (
            _use(node, tx, row, Proof("code", label))
            if row is not None and right
            else None
        )
    if signed_in is None:
        log().warning("auth.failed", kind="code")
        raise SignInInvalid("This code is wrong, used up, or older than 15 minutes.")
    return signed_in


def _newest(tx: Session, digest: bytes, *, at: datetime) -> SignInLink | None:
    return tx.scalar(
        select(SignInLink)
        .where(
            SignInLink.contact_index == digest,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > at,
        )
        .order_by(SignInLink.asked_at.desc(), SignInLink.id)
        .limit(1)
        .with_for_update()
    )


def _guess(node: Node, row: SignInLink | None, code: str) -> bool:
    typed = "".join(code.split()).replace("-", "")
    asked = UUID(int=0) if row is None else row.id
    right = hmac.compare_digest(
        _mac(node, asked, typed), (row and row.code_mac) or _NO_MAC
    )
    if row is None or row.tries_left == 0:
        return False
    row.tries_left -= 1
    return right
