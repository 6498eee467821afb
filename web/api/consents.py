"""What a member agrees to, for programs: giving it, and taking it back at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import cases, consent, consent_records, log
from web import casefiles, current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import coming, going, parts
from web.schemas.api import consents as shapes

slice_ = Slice("consents", "What a member agreed to, and with whom.")


@operation(slice_, "GET", "/cases/<ref>/consents", Shape(gives=shapes.ConsentsShown))
def index(ref: str) -> Mapping[str, object]:
    """List what its member agreed to, and the words of what they could agree to."""
    return casefiles.consents(current.node(), ref, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/cases/<ref>/consents",
    Shape(gives=parts.ConsentShown, takes=coming.NewConsent, status=201),
)
def give(given: dict[str, Any], ref: str) -> Answer:
    """Write down that the member agrees to something."""
    node, who = current.node(), current.visitor()
    ticket = consent.give(node, ref, given["purpose"], given["recipient"], by=who)
    sealed = log.wait(node, ticket)
    lines = cases.view(node, ref, by=who).consents
    given_now = next(
        line
        for line in reversed(lines)
        if line.purpose is given["purpose"] and line.withdrawn_at is None
    )
    return Answer(given_now, sealed=sealed is not None)


@operation(
    slice_,
    "GET",
    "/cases/<ref>/consents/<uuid:consent_id>",
    Shape(gives=going.ConsentReceipt),
)
def receipt(ref: str, consent_id: UUID) -> Mapping[str, object]:
    """Return the receipt of one consent: TS 27560 in the terms of DPV, as JSON-LD."""
    who = current.visitor()
    found = consent_records.receipt(current.node(), ref, consent_id, by=who)
    return {"receipt": found}


@operation(
    slice_, "DELETE", "/cases/<ref>/consents/<uuid:consent_id>", Shape(status=204)
)
def revoke(ref: str, consent_id: UUID) -> Answer:
    """Take one consent back."""
    node = current.node()
    ticket = consent.revoke(node, ref, consent_id, by=current.visitor())
    return Answer(sealed=log.wait(node, ticket) is not None)
