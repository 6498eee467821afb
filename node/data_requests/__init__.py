"""What a member asks about their own data, with a day by which it is answered."""

from node.data_requests.asking import ask, mine, of, statements, take_back
from node.data_requests.clock import FORGET, WARN, erase, forget, warn
from node.data_requests.settling import lengthen, listed, one, settle
from node.data_requests.shapes import (
    Answer,
    Line,
    Opened,
    Request,
    Statement,
    Waiting,
    Wish,
)

__all__ = [
    "FORGET",
    "WARN",
    "Answer",
    "Line",
    "Opened",
    "Request",
    "Statement",
    "Waiting",
    "Wish",
    "ask",
    "erase",
    "forget",
    "lengthen",
    "listed",
    "mine",
    "of",
    "one",
    "settle",
    "statements",
    "take_back",
    "warn",
]
