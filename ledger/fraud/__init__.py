"""Fraud proofs: files by which anybody can see that a node broke its word.

Each holds what the node itself signed, twice, in ways that exclude each other. A judge
needs the file and keys it trusts; nobody's word, and no network.
"""

from ledger.fraud.files import (
    LIMIT,
    Told,
    explicit,
    rewrite,
    rollback,
    split,
    twin,
    withheld,
)
from ledger.fraud.judging import Verdict, judge

__all__ = [
    "LIMIT",
    "Told",
    "Verdict",
    "explicit",
    "judge",
    "rewrite",
    "rollback",
    "split",
    "twin",
    "withheld",
]
