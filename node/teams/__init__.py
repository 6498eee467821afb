"""Teams: people who share a queue, and how a case comes to one of them."""

from node.teams.keeping import (
    close,
    create,
    edit,
    every,
    place,
    show,
    staff,
)
from node.teams.routing import fitting, open_ones
from node.teams.shapes import Described, Mate, Place, Shown
from node.teams.taking import choose, covered

__all__ = [
    "Described",
    "Mate",
    "Place",
    "Shown",
    "choose",
    "close",
    "covered",
    "create",
    "edit",
    "every",
    "fitting",
    "open_ones",
    "place",
    "show",
    "staff",
]
