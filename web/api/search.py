"""Looking for cases by words, for programs."""

from typing import Any

from node import search
from node.search import Found
from web import current
from web.api.operations import Shape, Slice, operation
from web.schemas.api import coming, going

slice_ = Slice("search", "Search: the cases one may read, by their words.")


@operation(
    slice_,
    "GET",
    "/search",
    Shape(gives=going.CasesFound, takes=coming.Search, where="query"),
)
def find(asked: dict[str, Any]) -> Found:
    """Return the cases that hold all the words, newest first."""
    node, who = current.node(), current.visitor()
    return search.find(node, asked["q"], by=who, order=asked["order"])
