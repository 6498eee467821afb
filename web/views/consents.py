"""What a member agreed to in a case: to read, to stop by one press, to give again."""

import json
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from node import cases, consent, consent_records, log, proofs
from web import current
from web.schemas import consents as schemas
from web.schemas.form import Form, read
from web.views.receipts import answer

blueprint = Blueprint("consents", __name__)
_RECEIPT = "application/ld+json"


@blueprint.get("/cases/<ref>/consents")
@current.one_look
def show(ref: str) -> str:
    """Show each record with its words, and what happened to it."""
    return _page(ref, Form())


@blueprint.post("/cases/<ref>/consents/give")
def give(ref: str) -> ResponseReturnValue:
    """Agree to something, as it was agreed to before or for the first time."""
    sent = read(schemas.Give, request.form)
    if not sent.good:
        return _page(ref, sent.form), 422
    purpose, recipient = sent.found["what"]
    node, who = current.node(), current.visitor()
    ticket = consent.give(node, ref, purpose, recipient, by=who)
    log.wait(node, ticket)
    return redirect(f"/cases/{ref}/consents?done=given", code=303)


@blueprint.post("/cases/<ref>/consents/<uuid:consent_id>/stop")
def stop(ref: str, consent_id: UUID) -> ResponseReturnValue:
    """Take back one thing the member agreed to, and go back to where they were."""
    node = current.node()
    ticket = consent.revoke(node, ref, consent_id, by=current.visitor())
    log.wait(node, ticket)
    here = "/consents" if request.form.get("next") == "consents" else ""
    return redirect(f"/cases/{ref}{here}?done=stopped", code=303)


@blueprint.get("/cases/<ref>/consents/<uuid:consent_id>/receipt")
def receipt(ref: str, consent_id: UUID) -> ResponseReturnValue:
    """Hand over the receipt of one record as a file."""
    found = consent_records.receipt(
        current.node(), ref, consent_id, by=current.visitor()
    )
    raw = json.dumps(found, indent=2, ensure_ascii=False).encode()
    name = f"{ref}-{consent_id}.jsonld"
    return answer(f"/cases/{ref}/consents", name, raw, _RECEIPT)


def _page(ref: str, form: Form) -> str:
    node, who = current.node(), current.visitor()
    case = cases.view(node, ref, by=who)
    lines = consent_records.records(node, ref, by=who)
    return render_template(
        "cases/consents.html",
        case=case,
        form=form,
        records=lines,
        asks=proofs.asked(node, ref, by=who),
        offered=consent.offered(lines),
        done=request.args.get("done"),
    )
