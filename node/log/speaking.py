"""Whose words they are: a statement with its proof, made here or brought along.

The node vouches for words that came without a signature. What a person signed with
their own key is written down as it came, if it says what this chain is about to say.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import author, entry
from ledger.encoding import Json, b64u, canonical
from node.core import Node
from node.log import names
from node.log.authoring import (
    Authored,
    ChainMismatch,
    KindNotAllowed,
    StatementMalformed,
)
from node.log.shapes import Saying, milliseconds
from node.models.log import LedgerCheckpoint, LedgerSeal

_SALT = 16
_NONCE = 16
_LONG = 32
#: A longer text stands beside the entry, and its length and hash in it.
_LONGEST = 4_096
#: No text of that length is longer in JSON.
_ALL = 6 * _LONGEST + 2


@dataclass(frozen=True, slots=True)
class Spot:
    """The chain that something is said in, and when."""

    node: Node
    tx: Session
    case_id: UUID
    kc: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement and its proof, and what is kept beside them."""

    statement: bytes
    proof: bytes
    #: The author key's id.
    key: str
    disclosures: tuple[str, ...]
    #: The salt and facts behind an attestation.
    evidence: str | None = None


def speak(spot: Spot, saying: Saying) -> Spoken:
    """Return what is to be sealed: somebody's own statement, or one of the node."""
    if saying.authored is None:
        return _by_node(spot, saying)
    _require_fits(spot, saying, saying.authored)
    signed = saying.authored
    return Spoken(signed.s, signed.p, signed.key, signed.d)


def _by_node(spot: Spot, saying: Saying) -> Spoken:
    dice = spot.node.dice
    disclosures = tuple(
        entry.disclose(dice(_SALT), name, value)
        for name, value in _fields(saying).items()
    )
    statement = entry.statement(
        entry.Statement(
            log=names.origin(spot.node),
            case=spot.case_id.bytes,
            kc=spot.kc,
            kind=saying.kind,
            fields=tuple(entry.digest(one) for one in disclosures),
            re=saying.re,
            seen=None,
            ts=milliseconds(spot.at),
            nonce=dice(_NONCE),
        )
    )
    signer = names.statements_signer(spot.node)
    key = author.key_id(signer.vkey.key)
    if saying.channel is None:
        return Spoken(statement, author.sign(statement, signer), key, disclosures)
    salt = dice(_LONG)
    facts = json.dumps(dict(saying.facts), sort_keys=True, separators=(",", ":"))
    shown = author.evidence(salt, facts.encode())
    proof = author.attest(statement, saying.channel, shown, signer)
    return Spoken(statement, proof, key, disclosures, f"{salt.hex()} {facts}")


def _fields(saying: Saying) -> dict[str, Json]:
    return {
        name: _short(value)
        for name, value in saying.fields.items()
        if value not in (None, "", [])
    }


def _short(value: Json) -> Json:
    if not isinstance(value, str):
        return value
    raw = value.encode()
    # Quotes and line breaks are longer in JSON than as they were typed.
    if len(raw) <= _LONGEST and len(canonical(value, limit=_ALL)) <= _LONGEST:
        return value
    return {
        "len": len(raw),
        "sha256": b64u(sha256(raw).digest()),
        "type": "text/plain; charset=utf-8",
    }


def _require_fits(spot: Spot, saying: Saying, signed: Authored) -> None:
    stated = signed.statement
    if (signed.case, signed.kc) != (spot.case_id.bytes, spot.kc):
        raise ChainMismatch("The statement was signed for another case or case key.")
    if stated.kind != saying.kind:
        raise KindNotAllowed(f"This has to be signed as a {saying.kind}.")
    if signed.shown != _fields(saying):
        raise StatementMalformed("What was signed is not what was sent.")
    if stated.re is not None and stated.re not in _commitments(spot):
        raise ChainMismatch("The statement answers an entry that is not in this case.")
    if stated.seen is not None:
        cited = select(LedgerCheckpoint.root).where(
            LedgerCheckpoint.size == stated.seen.size
        )
        if spot.tx.scalar(cited) != stated.seen.root:
            raise ChainMismatch("The statement cites a state that this log never had.")


def _commitments(spot: Spot) -> set[bytes]:
    rows = spot.tx.execute(
        select(LedgerSeal.nonce, LedgerSeal.entry).where(
            LedgerSeal.case_id == spot.case_id
        )
    )
    return {entry.commit(row.nonce, row.entry) for row in rows}
