"""Everything this node holds about one member: to look at, and to take away."""

from node.own_data.exporting import export
from node.own_data.held import held
from node.own_data.parcel import parcel
from node.own_data.shapes import CaseHeld, Held

__all__ = ["CaseHeld", "Held", "export", "held", "parcel"]
