"""How a case was handled: what its member says of it, and what they are answered."""

from node.feedback.answering import answer
from node.feedback.saying import give, take_back
from node.feedback.shapes import Board, Opinion, Said
from node.feedback.showing import of_member, show

__all__ = [
    "Board",
    "Opinion",
    "Said",
    "answer",
    "give",
    "of_member",
    "show",
    "take_back",
]
