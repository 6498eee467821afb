"""Message templates, for programs: made, approved, retired, filled in for a case."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.errors import ChoiceInvalid
from node import texts
from node.texts import Draft, Filled
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import coming
from web.schemas.api import texts as shapes

slice_ = Slice("texts", "Message templates, with what is missing said by name.")


@operation(slice_, "GET", "/templates", Shape(gives=shapes.Texts))
def index() -> Mapping[str, object]:
    """List every version of every template."""
    return {"items": texts.every(current.node(), by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/templates",
    Shape(gives=shapes.TextMade, takes=shapes.NewText, status=201),
)
def propose(given: dict[str, Any]) -> Mapping[str, object]:
    """Propose a new version; somebody else has to approve it."""
    made = texts.propose(current.node(), Draft(**given), by=current.visitor())
    return {"id": made}


@operation(
    slice_,
    "POST",
    "/templates/<uuid:version_id>/<action>",
    Shape(takes=coming.Nothing, status=204),
)
def settle(given: dict[str, Any], version_id: UUID, action: str) -> Answer:
    """Let a version be used (`approve`), or no more (`retire`)."""
    del given
    acts = {"approve": texts.approve, "retire": texts.retire}
    if action not in acts:
        raise ChoiceInvalid("Choose from: approve, retire.")
    acts[action](current.node(), version_id, by=current.visitor())
    return Answer()


@operation(
    slice_, "GET", "/cases/<ref>/templates/<name>", Shape(gives=shapes.TextFilled)
)
def fill(ref: str, name: str) -> Filled:
    """Fill a template in for a case, to be changed and sent as a message."""
    return texts.fill_in(current.node(), ref, name, by=current.visitor())
