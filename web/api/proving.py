"""Proving the address of a case's member, for programs."""

from typing import Any

from node import proving
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import proving as shapes

slice_ = Slice("proving", "Proving that an address is one's own.")


@operation(slice_, "POST", "/cases/<ref>/proof", Shape(status=204))
def ask(ref: str) -> Answer:
    """Have a code sent to the address of the case's member."""
    node, who = current.node(), current.visitor()
    proving.ask(node, ref, by=who, source=current.source())
    return Answer()


@operation(
    slice_,
    "POST",
    "/cases/<ref>/proof/code",
    Shape(gives=shapes.ProofMade, takes=shapes.ProofCode),
)
def prove(given: dict[str, Any], ref: str) -> Answer:
    """Prove it by the code; with a link, open its files, share it and erase it."""
    node, who = current.node(), current.visitor()
    made = proving.prove(node, ref, given["code"], by=who, source=current.source())
    return Answer({"token": made and made.token, "until": made.until if made else None})
