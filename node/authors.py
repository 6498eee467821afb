"""Whose key it is that signed: registered on first use, and never anybody else's.

A member's keys are theirs in every case. A guest is nobody but the holder of one case,
so their key belongs to that case and tells nothing about another.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.encoding import b64u
from node import accounts, log
from node.accounts.visitor import Visitor
from node.core import Node
from node.log import Authored
from node.log.authoring import ChainMismatch, StatementMalformed, StatementUnsigned
from node.models.authors import AuthorKey
from node.models.log import LedgerSeal
from node.models.submissions import Submission


def owner_of(by: Visitor, case_id: UUID) -> UUID:
    """Return to whom a visitor's keys belong in a case."""
    if by.kind == "member" and by.person_id is not None:
        return by.person_id
    return case_id


@dataclass(frozen=True, slots=True)
class Signer:
    """Who may sign in a browser, and with what."""

    log: str
    #: The host that passkeys belong to.
    rp: str
    #: Under what a device keeps its key; None for a guest, who has one for each case.
    owner: str | None
    #: Names and public keys of passkeys, in base64url.
    passkeys: tuple[tuple[str, str], ...]


def signer(node: Node, *, by: Visitor) -> Signer:
    """Return what a visitor's browser has to know to sign."""
    found: Mapping[bytes, bytes] = {}
    if by.account_id is not None:
        with node.read() as tx:
            found = accounts.passkey_points(tx, by=by)
    return Signer(
        log.origin(node),
        node.settings.hostname,
        by.person_id.hex if by.kind == "member" and by.person_id else None,
        tuple((b64u(name), b64u(point)) for name, point in found.items()),
    )


def pin(
    node: Node, tx: Session, signed: Authored | None, *, by: Visitor, case_id: UUID
) -> None:
    """Register a key that is new; refuse one that is somebody else's.

    That a member signs with it from now on is sealed on their own chain.
    """
    if signed is None:
        return
    if signed.passkey and signed.pub not in _passkeys(tx, by):
        raise StatementUnsigned("This passkey is not one of yours.")
    owner, known = owner_of(by, case_id), tx.get(AuthorKey, signed.key)
    if known is None:
        row = AuthorKey(
            id=signed.key, pub=signed.pub, owner=owner, created_at=node.now()
        )
        tx.add(row)
        tx.flush()
        if owner == by.person_id:
            label = "passkey" if signed.passkey else "device"
            log.add_key(node, tx, owner, signed.key, label)
    elif known.owner != owner:
        raise StatementUnsigned("This key is somebody else's.")


def _passkeys(tx: Session, by: Visitor) -> Collection[bytes]:
    return accounts.passkey_points(tx, by=by).values()


def begun(signed: Authored | None) -> tuple[UUID, bytes] | None:
    """Return the chain and the key with which a device began a case."""
    if signed is None:
        return None
    if signed.case_key is None:
        raise StatementMalformed("A case begins with its key: send it along.")
    return UUID(bytes=signed.case), signed.case_key


def told_before(
    tx: Session, signed: Authored | None, *, by: Visitor, sender: bytes
) -> Submission | None:
    """Return what a member told with this very statement; None if it is new.

    Who is nobody cannot show that it was them, so it is refused.
    """
    seal = _recorded(tx, signed) if signed else None
    if seal is None:
        return None
    told = tx.scalar(select(Submission).where(Submission.case_id == seal.case_id))
    if told is None or told.sender != sender or by.kind != "member":
        raise ChainMismatch("This statement was recorded before. Open the case.")
    return told


def said_before(tx: Session, signed: Authored | None, case_id: UUID) -> int | None:
    """Return the number that this very statement has in a case; None if it is new."""
    seal = _recorded(tx, signed) if signed else None
    return seal.seq if seal is not None and seal.case_id == case_id else None


def _recorded(tx: Session, signed: Authored) -> LedgerSeal | None:
    eid = sha256(signed.s).digest()
    return tx.scalar(select(LedgerSeal).where(LedgerSeal.eid == eid))
