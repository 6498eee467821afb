"""Roles: who holds which, within what scope, until when; giving and ending them."""

from node.grants.ending import OVER, end, over
from node.grants.giving import give, plan
from node.grants.listing import Board, board, find, holdings
from node.grants.shapes import Given, Held

__all__ = [
    "OVER",
    "Board",
    "Given",
    "Held",
    "board",
    "end",
    "find",
    "give",
    "holdings",
    "over",
    "plan",
]
