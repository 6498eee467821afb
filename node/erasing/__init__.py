"""Erasing: what a member, or whoever wrote it, does not want kept any more.

First the journal, then one transaction, then what the engine keeps of deleted rows.
What is personal goes from the ledger's tables and from every copy; leaves stay, and
so does everybody else's proof.
"""

from node.erasing.acts import (
    SCOPE,
    Part,
    Wish,
    away,
    erase,
    parts,
    prove,
    require_present,
)
from node.erasing.performing import JOB
from node.erasing.purging import purge
from node.erasing.replaying import missing, replay
from node.erasing.scrubbing import scrub
from node.erasing.shapes import Basis, Erasure, Level
from node.erasing.taking_back import take_back

__all__ = [
    "JOB",
    "SCOPE",
    "Basis",
    "Erasure",
    "Level",
    "Part",
    "Wish",
    "away",
    "erase",
    "missing",
    "parts",
    "prove",
    "purge",
    "replay",
    "require_present",
    "scrub",
    "take_back",
]
