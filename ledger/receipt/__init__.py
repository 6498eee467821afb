"""Receipts: the file a person keeps, and what anybody can check with it offline.

A receipt is either whole or it fails a check that has a name and says in a sentence
what is wrong; there is no third outcome.
"""

from ledger.receipt.file import (
    ClearEntry,
    Evidence,
    Opened,
    Public,
    Receipt,
    SealedEntry,
    key_among,
    make,
    read,
)
from ledger.receipt.head import Head, head_note, read_head
from ledger.receipt.places import BEYOND, Place
from ledger.receipt.spoken import seal, words
from ledger.receipt.thread import Held, ThreadVerdict, verify_thread
from ledger.receipt.times import Bracket, elapsed
from ledger.receipt.verdict import Finding, Level, Pins, Verdict
from ledger.receipt.verification import require, verify

__all__ = [
    "BEYOND",
    "Bracket",
    "ClearEntry",
    "Evidence",
    "Finding",
    "Head",
    "Held",
    "Level",
    "Opened",
    "Pins",
    "Place",
    "Public",
    "Receipt",
    "SealedEntry",
    "ThreadVerdict",
    "Verdict",
    "elapsed",
    "head_note",
    "key_among",
    "make",
    "read",
    "read_head",
    "require",
    "seal",
    "verify",
    "verify_thread",
    "words",
]
