"""Requests for one's own data, for programs of members and of those who answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import data_requests
from node.data_requests import Opened, Waiting, Wish
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import data_requests as shapes

slice_ = Slice(
    "data_requests", "What members ask about their own data, with a day for the answer."
)


@operation(slice_, "GET", "/me/requests", Shape(gives=shapes.RequestsShown))
def mine() -> Mapping[str, object]:
    """List what one asked, and what was answered."""
    return {"items": data_requests.mine(current.node(), by=current.visitor())}


@operation(
    slice_,
    "POST",
    "/me/requests",
    Shape(gives=shapes.RequestMade, takes=shapes.NewRequest, status=201),
)
def ask(given: dict[str, Any]) -> Mapping[str, object]:
    """Ask about one's own data; it is answered within 30 days."""
    wish = Wish(**given)
    return {"id": data_requests.ask(current.node(), wish, by=current.visitor())}


@operation(slice_, "DELETE", "/me/requests/<uuid:id_>", Shape(status=204))
def take_back(id_: UUID) -> Answer:
    """Erase a request of one's own, with its answer."""
    data_requests.take_back(current.node(), id_, by=current.visitor())
    return Answer()


@operation(slice_, "GET", "/requests", Shape(gives=shapes.RequestsWaiting))
def index() -> Waiting:
    """List what is to be answered, the most urgent first, and the newest answers."""
    return data_requests.listed(current.node(), by=current.visitor())


@operation(slice_, "GET", "/requests/<uuid:id_>", Shape(gives=shapes.RequestOpened))
def show(id_: UUID) -> Opened:
    """Return one request with its words; its member sees that it was read."""
    return data_requests.one(current.node(), id_, by=current.visitor())


@operation(
    slice_,
    "POST",
    "/requests/<uuid:id_>/answer",
    Shape(takes=shapes.NewAnswer, status=204),
)
def settle(given: dict[str, Any], id_: UUID) -> Answer:
    """Answer a request, or refuse it with the reason and whom to complain to."""
    said = data_requests.Answer(**given)
    data_requests.settle(current.node(), id_, said, by=current.visitor())
    return Answer()


@operation(
    slice_,
    "POST",
    "/requests/<uuid:id_>/longer",
    Shape(takes=shapes.NewLonger, status=204),
)
def lengthen(given: dict[str, Any], id_: UUID) -> Answer:
    """Take two months longer, once and within the first month; its member is told."""
    data_requests.lengthen(current.node(), id_, given["why"], by=current.visitor())
    return Answer()
