"""Calls, letters and talks: written down by the desk, and denied by their member."""

from node.spoken.denying import deny
from node.spoken.noting import Heard, note
from node.spoken.trying import tried

__all__ = ["Heard", "deny", "note", "tried"]
