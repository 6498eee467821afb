"""Doubles: people and cases that look like one, and what people decide about them.

Nothing here happens by itself, and everything can be taken back.
"""

from node.matches.merging import apart, merge, unmerge
from node.matches.persons import (
    ContactLine,
    Double,
    MergeLine,
    PersonShown,
    Reason,
    person,
)
from node.matches.revealing import reveal
from node.matches.unmatched import Unmatched, unmatched

__all__ = [
    "ContactLine",
    "Double",
    "MergeLine",
    "PersonShown",
    "Reason",
    "Unmatched",
    "apart",
    "merge",
    "person",
    "reveal",
    "unmatched",
    "unmerge",
]
