"""Conflicts of interest that people speak about: said, decided, appealed.

The member's word holds at once and a colleague's once it is decided; by a
coordinator who is on no side, and on appeal by a steward, who never sees the case.
"""

from node.challenges.acts import appeal, challenge, decide, veto
from node.challenges.shown import WallLine, of_case, standing, waiting

__all__ = [
    "WallLine",
    "appeal",
    "challenge",
    "decide",
    "of_case",
    "standing",
    "veto",
    "waiting",
]
