"""Everything this node holds about one member: to look at, and to take away."""

from node.own_data.exporting import export
from node.own_data.held import CaseHeld, Held, held

__all__ = ["CaseHeld", "Held", "export", "held"]
