"""Telling what happened, for programs."""

from http import HTTPStatus
from typing import Any

from governance import claims
from governance.intake import Channel
from node import log, submissions
from node.submissions import Told
from web import authoring, current
from web.api.operations import Answer, Shape, Slice, effect_id, operation
from web.casefiles import told
from web.schemas.api import coming, going

slice_ = Slice("submissions", "Telling what happened.")

_SUBMIT = Shape(
    gives=going.SubmissionMade,
    takes=coming.NewSubmission,
    status=HTTPStatus.CREATED,
    needs_key=True,
    knows_again=True,
)


@operation(slice_, "POST", "/submissions", _SUBMIT)
def submit(given: dict[str, Any]) -> Answer:
    """Take in somebody's words, open a case for them, and promise an answer."""
    node, who = current.node(), current.visitor()
    made = submissions.submit(node, as_told(given), by=who)
    sealed = log.wait(node, made.ticket)
    return Answer(told(made), again=made.again, sealed=sealed is not None)


def as_told(given: dict[str, Any]) -> Told:
    """Return what a program tells."""
    contact, value = given["contact"] or {}, given["value"]
    return Told(
        id=effect_id(),
        text=given["text"],
        wanted=given["wanted_outcome"],
        value=value and claims.value("amount", value["amount"], value["currency"]),
        place=given["place"],
        area=given["area"],
        topic=given["topic"],
        contact=contact.get("email") or contact.get("phone") or "",
        name=given["name"],
        language=given["language"],
        channel=Channel.API,
        authored=authoring.of_program(given["signed"]),
        source=current.source(),
    )
