"""The same request twice is one effect and one answer, however often a client asks.

An answer is kept for thirty days under a key that only the client's own
Idempotency-Key opens again.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, update

from governance.errors import IdempotencyMismatch, StillRunning
from node import vault
from node.core import Node
from node.models.forms import Answered
from node.upsert import insert, table

KEPT = timedelta(days=30)
#: Longer than any request takes: then its process died, and the work is done again.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as its client would send it again, byte for byte."""

    #: Who asks, so that nobody is given another's answer.
    client: str
    #: The Idempotency-Key they chose.
    key: str
    #: Method and path.
    what: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Marks:
    id_hash: bytes
    body_hash: bytes
    key: bytes
    #: Until when the claim of this very call holds.
    lease: datetime


def once(
    node: Node, request: Request, run: Callable[[], tuple[int, bytes]]
) -> tuple[int, bytes, bool]:
    """Run this once for a client's key; return status, answer, and if it is a replay.

    What `run` raises is not kept: nothing was done, and the client may try again.
    After a crash it is run a second time, so it must itself be safe to call twice.
    """
    marks = _marks(node, request)
    before = _claim(node, marks)
    if before is not None:
        return *before, True
    try:
        status, answer = run()
    except BaseException:
        _give_up(node, marks)
        raise
    _keep(node, marks, status, answer)
    return status, answer, False


def _marks(node: Node, request: Request) -> _Marks:
    who = f"{request.client}\0{request.key}".encode()
    said = request.what.encode() + b"\0" + request.body
    # A plain hash of a short body would outlive the erasure of what it says.
    name, body, key = (
        node.keys.mac("dedupe", message)
        for message in (b"name\0" + who, b"body\0" + said, b"key\0" + who)
    )
    return _Marks(name, body, key, node.now() + LEASE)


def _claim(node: Node, marks: _Marks) -> tuple[int, bytes] | None:
    now = node.now()
    # A row past its time, or one whose process died half way, is as good as none.
    free = or_(
        Answered.expires_at <= now,
        Answered.status.is_(None)
        & (Answered.lease_until <= now)
        & (Answered.body_hash == marks.body_hash),
    )
    claim = {
        "body_hash": marks.body_hash,
        "lease_until": marks.lease,
        "expires_at": now + KEPT,
        "status": None,
        "answer": None,
    }
    with node.begin() as tx:
        claimed = tx.execute(
            insert(tx, Answered)
            .values(id_hash=marks.id_hash, **claim)
            .on_conflict_do_update(index_elements=["id_hash"], set_=claim, where=free)
            .returning(table(Answered).c.id_hash)
        ).first()
        row = None if claimed else tx.get_one(Answered, marks.id_hash)
    return None if row is None else _before(marks, row)


def _before(marks: _Marks, row: Answered) -> tuple[int, bytes]:
    if not hmac.compare_digest(row.body_hash, marks.body_hash):
        raise IdempotencyMismatch("This Idempotency-Key came with another request.")
    if row.status is None or row.answer is None:
        raise StillRunning("The same request is being worked on at this moment.")
    answer = vault.unseal(marks.key, _place(marks), row.answer)
    return row.status, answer.encode("latin-1")


def _place(marks: _Marks) -> vault.Place:
    return vault.Place("idempotency", "answer", marks.id_hash.hex())


def _ours(marks: _Marks) -> tuple[ColumnElement[bool], ...]:
    # After the lease somebody else may hold the claim: theirs is not ours to settle.
    return (
        Answered.id_hash == marks.id_hash,
        Answered.status.is_(None),
        Answered.lease_until == marks.lease,
    )


def _give_up(node: Node, marks: _Marks) -> None:
    with node.begin() as tx:
        tx.execute(delete(Answered).where(*_ours(marks)))


def _keep(node: Node, marks: _Marks, status: int, answer: bytes) -> None:
    # Latin-1 turns any bytes into text and back.
    sealed = vault.seal(node, marks.key, _place(marks), answer.decode("latin-1"))
    with node.begin() as tx:
        tx.execute(
            update(Answered).where(*_ours(marks)).values(status=status, answer=sealed)
        )


def forget(node: Node) -> None:
    """Drop answers past their time. Safe to call at any time."""
    with node.begin() as tx:
        tx.execute(delete(Answered).where(Answered.expires_at <= node.now()))
