"""What the desk wrote for itself, and its member asks to read."""

from node.releases.asking import ask, asked
from node.releases.clock import WARN, warn
from node.releases.deciding import decide, listed, one
from node.releases.shapes import (
    Asked,
    Decision,
    OpenedNote,
    ReleasedNote,
    WaitingNote,
)

__all__ = [
    "WARN",
    "Asked",
    "Decision",
    "OpenedNote",
    "ReleasedNote",
    "WaitingNote",
    "ask",
    "asked",
    "decide",
    "listed",
    "one",
    "warn",
]
