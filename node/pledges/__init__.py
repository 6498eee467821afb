"""Promises to members: made with their cause, met by people, missed in the open.

Each promise and each miss is a ledger entry, so that neither can be made or lost
afterwards.
"""

from node.pledges.book import Book, Terms, open_of, refresh, terms
from node.pledges.making import (
    DUE,
    WARN,
    add,
    promise_again,
    promises,
    row,
    say,
    say_cause,
    timers,
)
from node.pledges.meeting import come_back, drop, meet, miss, sooner, void
from node.pledges.moving import Done, heard, moved, spoken
from node.pledges.returning import Effect, effect, take_back

__all__ = [
    "DUE",
    "WARN",
    "Book",
    "Done",
    "Effect",
    "Terms",
    "add",
    "come_back",
    "drop",
    "effect",
    "heard",
    "meet",
    "miss",
    "moved",
    "open_of",
    "promise_again",
    "promises",
    "refresh",
    "row",
    "say",
    "say_cause",
    "sooner",
    "spoken",
    "take_back",
    "terms",
    "timers",
    "void",
]
