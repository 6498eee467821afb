"""A case as the API and the terminal both show it, and where its receipts are."""

from dataclasses import asdict, fields

from governance.cases import Part
from node import cases, consent, consent_records, ladder
from node import together as joining
from node.accounts import Visitor
from node.cases import CaseView
from node.core import Node
from node.submissions import Submitted

PREFIX = "/api/v1"
#: A member's words are the first entry of their case.
_FIRST = 0


def receipt_url(reference: str, seq: int) -> str:
    """Return where the receipt of one entry of a case is."""
    return f"{PREFIX}/cases/{reference}/receipts/{seq}"


def told(made: Submitted) -> dict[str, object]:
    """Return what the schema of a submission shapes."""
    return {
        "submission_id": made.submission_id,
        "reference": made.reference,
        "words": made.words,
        "track_url": made.track_url,
        "link_token": made.link_token,
        "pledges": made.pledges,
        "receipt_url": receipt_url(made.reference, _FIRST),
    }


def shown(node: Node, view: CaseView, *, by: Visitor) -> dict[str, object]:
    """Return what the schema of a case shapes, of a view of it."""
    reference = view.reference
    found = {field.name: getattr(view, field.name) for field in fields(view)}
    return {
        **found,
        "acts": sorted(view.acts),
        "ledger": cases.standing(node, reference, by=by),
        "ladder": ladder.stands(node, reference, by=by),
        "timeline": [
            {**asdict(entry), "receipt_url": receipt_url(reference, entry.seq)}
            for entry in view.timeline
        ],
    }


def together(node: Node, reference: str, *, by: Visitor) -> dict[str, object]:
    """Return what a case goes on with; to the desk, who joined it."""
    if cases.view(node, reference, by=by).part is Part.MEMBER:
        return _fields(joining.look(node, reference, by=by))
    found = joining.at_desk(node, reference, by=by)
    return {**_fields(found), "counted": found.joined, "joined": None}


def _fields(found: joining.Together | joining.AtDesk) -> dict[str, object]:
    return {one.name: getattr(found, one.name) for one in fields(found)}


def consents(node: Node, reference: str, *, by: Visitor) -> dict[str, object]:
    """Return what a case's member agreed to, and what they could agree to."""
    records = consent_records.records(node, reference, by=by)
    names = ("purpose", "recipient", "words")
    return {
        "items": [
            {
                **asdict(it),
                "events": [{"state": one, "at": at} for one, at in it.events],
            }
            for it in records
        ],
        "offered": [
            dict(zip(names, it, strict=True)) for it in consent.offered(records)
        ],
    }
