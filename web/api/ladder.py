"""Taking a case further up, or to somebody else, for programs of its member."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.pledges import Choice
from node import ladder, log, wishes
from node.explaining import explain
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import coming, going, parts

slice_ = Slice("ladder", "Missed promises: the next step, and what its member chooses.")


@operation(
    slice_,
    "POST",
    "/cases/<ref>/escalations",
    Shape(gives=parts.LadderShown, takes=coming.NewEscalation),
)
def escalate(given: dict[str, Any], ref: str) -> Answer:
    """Take a case one step further up; or choose, once something was offered."""
    node, who = current.node(), current.visitor()
    chosen = given["choice"]
    if chosen is None:
        ticket = ladder.escalate(node, ref, by=who)
    else:
        ticket = ladder.choose(node, ref, Choice(chosen), by=who)
    sealed = log.wait(node, ticket)
    return Answer(ladder.stands(node, ref, by=who), sealed=sealed is not None)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/misses/<uuid:pledge_id>",
    Shape(takes=coming.NewCause, status=204),
)
def cause(given: dict[str, Any], ref: str, pledge_id: UUID) -> Answer:
    """Say why a promise was missed, as whoever shares out the case."""
    node, who = current.node(), current.visitor()
    ticket = explain(node, ref, pledge_id, given["cause"], by=who)
    return Answer(sealed=log.wait(node, ticket) is not None)


@operation(
    slice_,
    "POST",
    "/cases/<ref>/somebody-else",
    Shape(gives=going.WishShown, takes=coming.Nothing),
)
def somebody_else(given: dict[str, Any], ref: str) -> Mapping[str, object]:
    """Give a case to somebody else (`now`), or ask a coordinator to (`ask`)."""
    del given
    node, who = current.node(), current.visitor()
    return {"change": wishes.somebody_else(node, ref, by=who)}
