"""How cases hang together: found alike, linked, merged, and all of it undone."""

from node.bonds.doubles import Double, doubles
from node.bonds.listing import BondLine, bonds_of
from node.bonds.marking import Said, mark, may_decide, merge, undo

__all__ = [
    "BondLine",
    "Double",
    "Said",
    "bonds_of",
    "doubles",
    "mark",
    "may_decide",
    "merge",
    "undo",
]
