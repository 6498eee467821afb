"""Who is on call and until when: turns, who comes next, and when nobody is."""

from node.roster.handing import offer, take
from node.roster.keeping import board, put, remove
from node.roster.shapes import Board, Cover, Lane, TurnShown

__all__ = [
    "Board",
    "Cover",
    "Lane",
    "TurnShown",
    "board",
    "offer",
    "put",
    "remove",
    "take",
]
