"""The door of every channel that brings bytes: one draft in, one receipt out."""

from node.accepting.acknowledging import acknowledged
from node.accepting.taking import Accepted, accept

__all__ = ["Accepted", "accept", "acknowledged"]
