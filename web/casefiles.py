"""A case as the API and the terminal both show it, and where its receipts are."""

from dataclasses import asdict, fields

from node import cases, ladder
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
