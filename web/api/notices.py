"""How somebody wants to be told, for programs."""

from typing import Any

from governance.notices import Family
from node import preferences
from node.hearing import Wishes
from web import current
from web.api.operations import Shape, Slice, operation
from web.schemas.api import notices as shapes

slice_ = Slice("notices", "How somebody wants to be told, and when they sleep.")


@operation(slice_, "GET", "/me/notices", Shape(gives=shapes.WishesShown))
def show() -> Wishes:
    """Return what the member of the token chose, or what holds without."""
    return preferences.mine(current.node(), by=current.visitor())


@operation(
    slice_,
    "POST",
    "/me/notices",
    Shape(gives=shapes.WishesShown, takes=shapes.NewWishes),
)
def save(given: dict[str, Any]) -> Wishes:
    """Keep what the member chooses; minutes are after midnight of their zone."""
    node, who = current.node(), current.visitor()
    paces = {Family(name): pace for name, pace in given.pop("paces").items()}
    preferences.save(node, Wishes(**given, paces=paces), by=who)
    return preferences.mine(node, by=who)
