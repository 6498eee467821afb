"""Conflicts of interest, for programs: interests, challenges, vetoes, decisions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.errors import ChoiceInvalid
from node import challenges, interests, log
from node.log import Ticket
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import coming
from web.schemas.api import walls as shapes

slice_ = Slice("walls", "Conflicts of interest: what one declares, says and decides.")


@operation(slice_, "GET", "/interests", Shape(gives=shapes.Interests))
def mine() -> Mapping[str, object]:
    """List what one has declared. Nobody else reads it."""
    return {"items": interests.mine(current.node(), by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/interests",
    Shape(gives=shapes.InterestMade, takes=coming.NewInterest, status=201),
)
def declare(given: dict[str, Any]) -> Mapping[str, object]:
    """Declare one interest. Cases that it meets are gone from then on."""
    node, who = current.node(), current.visitor()
    return {"id": interests.declare(node, given["kind"], given["subject"], by=who)}


@operation(slice_, "DELETE", "/interests/<uuid:interest_id>", Shape(status=204))
def withdraw(interest_id: UUID) -> Answer:
    """Take one interest back, for cases to come."""
    interests.withdraw(current.node(), interest_id, by=current.visitor())
    return Answer()


@operation(slice_, "GET", "/walls", Shape(gives=shapes.Walls))
def waiting() -> Mapping[str, object]:
    """List the walls one can decide about, or appeal for."""
    return {"items": challenges.waiting(current.node(), by=current.visitor())}


@operation(slice_, "GET", "/cases/<ref>/walls", Shape(gives=shapes.Walls))
def of_case(ref: str) -> Mapping[str, object]:
    """List what was said about a case; to its member, what they said."""
    return {"items": challenges.of_case(current.node(), ref, by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/cases/<ref>/walls",
    Shape(gives=shapes.Walls, takes=coming.NewWall, status=201),
)
def put_up(given: dict[str, Any], ref: str) -> Answer:
    """Say who must not come near a case; without a person: the member's veto."""
    node, who = current.node(), current.visitor()
    person, reason = given["person"], given["reason"]
    if person is None:
        ticket = challenges.veto(node, ref, reason, by=who)
    else:
        ticket = challenges.challenge(node, ref, person, reason, by=who)
    # Who has just spoken about themselves sees nothing of it any more.
    gone = person is not None and person == who.person_id
    items = () if gone else challenges.of_case(node, ref, by=who)
    return Answer({"items": items}, sealed=_settled(ticket))


@operation(
    slice_,
    "POST",
    "/walls/<uuid:wall_id>/<action>",
    Shape(takes=coming.Nothing, status=204),
)
def settle(given: dict[str, Any], wall_id: UUID, action: str) -> Answer:
    """Say that a wall stands (`uphold`), that it does not (`lift`), or `appeal`."""
    del given
    node, who = current.node(), current.visitor()
    if action == "appeal":
        challenges.appeal(node, wall_id, by=who)
        return Answer()
    if action not in {"uphold", "lift"}:
        raise ChoiceInvalid("Choose from: uphold, lift, appeal.")
    stands = action == "uphold"
    return Answer(
        sealed=_settled(challenges.decide(node, wall_id, stands=stands, by=who))
    )


def _settled(ticket: Ticket | None) -> bool:
    return ticket is None or log.wait(current.node(), ticket) is not None
