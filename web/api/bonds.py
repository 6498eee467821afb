"""How cases hang together, for programs of the desk: found, said, and undone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from node import bonds, log
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import bonds as shapes

slice_ = Slice("bonds", "The same matter, parts and merges of cases; all undone alike.")


@operation(slice_, "GET", "/cases/<ref>/bonds", Shape(gives=shapes.BondsShown))
def index(ref: str) -> Mapping[str, object]:
    """List how a case hangs together with others, and what could be the same."""
    node, who = current.node(), current.visitor()
    return {
        "items": bonds.bonds_of(node, ref, by=who),
        "doubles": bonds.doubles(node, ref, by=who),
    }


@operation(
    slice_,
    "POST",
    "/cases/<ref>/bonds",
    Shape(gives=shapes.BondsShown, takes=shapes.NewBond, status=201),
)
def mark(given: dict[str, Any], ref: str) -> Answer:
    """Say how a case hangs together with another, or that it goes along with it."""
    node, who, other = current.node(), current.visitor(), given["other"]
    if given["merged"]:
        ticket = bonds.merge(node, ref, other, given["reason"], by=who)
    else:
        said = bonds.Said(given["kind"], given["reason"])
        ticket = bonds.mark(node, ref, other, said, by=who)
    found = {"items": bonds.bonds_of(node, ref, by=who), "doubles": ()}
    return Answer(found, sealed=log.wait(node, ticket) is not None)


@operation(slice_, "DELETE", "/cases/<ref>/bonds/<uuid:bond_id>", Shape(status=204))
def undo(ref: str, bond_id: UUID) -> Answer:
    """Take back how a case hangs together with another; nothing else changes."""
    node = current.node()
    ticket = bonds.undo(node, ref, bond_id, by=current.visitor())
    return Answer(sealed=log.wait(node, ticket) is not None)
