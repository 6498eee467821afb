"""What a member agreed to, as they read it: each record, its events, and a receipt.

A receipt has the shape of ISO/IEC TS 27560:2023 in the terms of DPV, and is signed by
the community's key, once it has one. Its entry in the ledger proves it as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import proofs, terms
from governance.consent import COVERS, HELD, Basis, Evidence, Purpose, Standing
from governance.errors import NotFound, NotYours
from node import actors, consent_rows, governance, people
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.consent_texts import notice
from node.core import Node
from node.models.consent import Consent, ConsentEvent
from node.models.start import Community

_PROFILE = "https://w3id.org/dpv/schema/dpv-27560#"
_CONTEXT: Mapping[str, str] = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "fm": terms.NAMESPACE,
}
_STATUS: Mapping[Standing, str] = {
    Standing.REQUESTED: "dpv:ConsentRequested",
    Standing.GIVEN: "dpv:ConsentGiven",
    Standing.REFUSED: "dpv:ConsentRefused",
    Standing.RENEWED: "dpv:RenewedConsentGiven",
    Standing.WITHDRAWN: "dpv:ConsentWithdrawn",
    Standing.EXPIRED: "dpv:ConsentExpired",
}
_BASIS: Mapping[Basis, str] = {
    Basis.EXPLICIT_CONSENT: "eu-gdpr:A9-2-a",
    Basis.MEMBER_BODY: "eu-gdpr:A9-2-d",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record, as its member reads it."""

    id: UUID
    purpose: Purpose
    recipient: str
    #: The words that were agreed to; empty where only their version is known.
    words: str
    wording: str
    state: Standing
    evidence: Evidence | None
    valid_until: datetime | None
    #: What happened to it and when, in order.
    events: tuple[tuple[Standing, datetime], ...]
    #: Its entry in the case's chain, whose receipt proves it; None for older ones.
    entry_seq: int | None

    @property
    def held(self) -> bool:
        """Whether the member agrees to it now."""
        return self.state in HELD


def records(node: Node, reference: str, *, by: Visitor) -> tuple[Line, ...]:
    """Return every record of a member's own case, the oldest first."""
    with node.read() as tx:
        hand = _own(node, tx, reference, by)
        found = select(Consent).where(Consent.case_id == hand.case.id)
        lines = [_line(tx, row) for row in tx.scalars(found)]
    return tuple(sorted(lines, key=lambda line: (line.events[0][1], line.id)))


def receipt(
    node: Node, reference: str, consent_id: UUID, *, by: Visitor
) -> dict[str, object]:
    """Return one record as a document that a member takes away, signed if we can."""
    with node.read() as tx:
        hand = _own(node, tx, reference, by)
        row = tx.get(Consent, consent_id)
        if row is None or row.case_id != hand.case.id:
            raise NotFound("There is no such consent here.")
        return signed(node, tx, _document(hand, row))


def _own(node: Node, tx: Session, reference: str, by: Visitor) -> Hand:
    hand = pick_up(node, tx, reference, by, lock=False)
    if not hand.own:
        raise NotYours("Only its member reads what they agreed to.")
    return hand


def _line(tx: Session, row: Consent) -> Line:
    found = consent_rows.events(tx, row.id)
    return Line(
        id=row.id,
        purpose=row.purpose,
        recipient=row.recipient or "",
        words=_words(row),
        wording=row.wording,
        state=row.state,
        evidence=row.evidence,
        valid_until=row.valid_until,
        events=tuple((one.state, one.at) for one in found),
        entry_seq=_entry(found),
    )


def _words(row: Consent) -> str:
    # Words that changed since are not shown as if they had been agreed to.
    words = notice(row.purpose, row.language or "", row.recipient)
    return words.text if words.hash == row.notice_hash else ""


def _entry(events: list[ConsentEvent]) -> int | None:
    return next((one.entry_seq for one in events if one.entry_seq is not None), None)


def _document(hand: Hand, row: Consent) -> dict[str, object]:
    node, tx = hand.node, hand.tx
    community = tx.get_one(Community, 1)
    events = consent_rows.events(tx, row.id)
    days = governance.in_force(node, tx).retention.case_closed
    return {
        "@context": [dict(_CONTEXT)],
        "id": f"urn:uuid:{row.id}",
        "type": "dpv:ConsentReceipt",
        "dct:conformsTo": [
            f"{_PROFILE}record-eu-gdpr",
            f"{_PROFILE}receipt-eu-gdpr",
        ],
        "dct:identifier": str(row.id),
        "dpv:hasDataSubject": _pairwise(hand),
        "dpv:hasNotice": {
            "fm:version": row.wording,
            "fm:sha256": row.notice_hash,
            "fm:text": _words(row),
            "dct:language": row.language,
        },
        "dpv:hasPurpose": f"fm:{row.purpose}",
        "dpv:hasLegalBasis": _BASIS[row.basis],
        "dpv:hasPersonalData": {
            "fm:categories": sorted(f"fm:{one}" for one in COVERS[row.purpose]),
            # What somebody brings here may show what they think of politics.
            "dpv:isSpecialCategory": True,
        },
        "dpv:hasDataController": {
            "id": node.settings.origin,
            "dpv:hasName": community.name,
            "dpv:hasAddress": community.place,
            "dpv:hasContact": community.mail or community.phone,
        },
        "dpv:hasRecipient": _recipients(row),
        "dpv:hasDataSource": {
            "fm:channel": row.channel,
            "fm:capturedBy": "staff" if row.captured_by else "data subject",
            "fm:evidence": row.evidence,
        },
        "dpv:hasStorageCondition": {
            "dpv:hasLocation": node.settings.host,
            "dpv:hasDuration": f"P{days}D after the case is closed",
        },
        "dpv:hasJurisdiction": people.region(tx),
        "dpv:hasConsentControl": f"{node.settings.origin}/cases/{hand.case.reference}"
        "/consents",
        "fm:ledgerEntry": {"fm:log": node.settings.origin, "fm:seq": _entry(events)},
        "fm:events": [_event(one) for one in events],
    }


def _pairwise(hand: Hand) -> str:
    # Two receipts of one person about two cases do not tell that it is one person.
    what = hand.case.id.bytes + hand.case.member_id.bytes
    return "urn:sha256:" + sha256(hand.node.keys.mac("pairwise", what)).hexdigest()


def _event(one: ConsentEvent) -> dict[str, object]:
    return {
        "dct:date": one.at.isoformat(),
        "dct:valid": one.valid_until.isoformat() if one.valid_until else None,
        "dpv:hasConsentStatus": _STATUS[one.state],
        "fm:by": "person" if one.actor_id else "rule",
    }


def signed(node: Node, tx: Session, document: dict[str, object]) -> dict[str, object]:
    """Return a document with the community's proof, once it has a key."""
    path = actors.community(tx)
    if not actors.has_keys(tx, path):
        return document
    method, key = actors.prover(node, tx, path)
    return proofs.sign(document, method, key, at=node.now())


def _recipients(row: Consent) -> list[str]:
    # What is kept here goes to nobody: there it says how much is kept.
    goes = row.recipient and row.purpose is not Purpose.KEEP_AFTER_CLOSE
    return [row.recipient or ""] if goes else []
