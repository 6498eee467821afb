"""How a case was handled: what its member says of it, and what they are answered.

Others who have nothing to do with the case may look at a copy without names.
"""

from node.feedback.answering import answer
from node.feedback.copying import LATE, prepare
from node.feedback.finding import decline, find, listed, one
from node.feedback.late import due
from node.feedback.saying import give, take_back
from node.feedback.shapes import (
    Board,
    CopyLine,
    OpenedCopy,
    Opinion,
    Prepared,
    Review,
    Said,
)
from node.feedback.showing import of_member, show

__all__ = [
    "LATE",
    "Board",
    "CopyLine",
    "OpenedCopy",
    "Opinion",
    "Prepared",
    "Review",
    "Said",
    "answer",
    "decline",
    "due",
    "find",
    "give",
    "listed",
    "of_member",
    "one",
    "prepare",
    "show",
    "take_back",
]
