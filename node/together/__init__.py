"""Going on together: common matters, joining one with consent, and leaving it."""

from node.together.joining import Joining, join, leave
from node.together.looking import AtDesk, Joined, Line, Together, at_desk, look
from node.together.matters import open_matter
from node.together.updating import update

__all__ = [
    "AtDesk",
    "Joined",
    "Joining",
    "Line",
    "Together",
    "at_desk",
    "join",
    "leave",
    "look",
    "open_matter",
    "update",
]
