"""The node's ledger: what is said is sealed with its cause, sequenced, published.

A leaf never changes once its transaction commits, and nobody is told "it is in the
ledger" before the batch that holds it is on disk.
"""

from node.log.chains import Chain, chain, has_chain, open_chain, ticket
from node.log.checking import start_check
from node.log.founding import found
from node.log.names import verifier_keys
from node.log.publishing import publish
from node.log.reading import (
    EntryShown,
    LogStatus,
    NotPublished,
    check,
    checkpoint,
    checkpoints,
    entry,
    keys,
    policy,
    seals,
    status,
    tile,
)
from node.log.receipts import head, receipt
from node.log.sequencing import Sealed, read_only, require_writable, sequence, wait
from node.log.shapes import Saying, Ticket

__all__ = [
    "Chain",
    "EntryShown",
    "LogStatus",
    "NotPublished",
    "Saying",
    "Sealed",
    "Ticket",
    "chain",
    "check",
    "checkpoint",
    "checkpoints",
    "entry",
    "found",
    "has_chain",
    "head",
    "keys",
    "open_chain",
    "policy",
    "publish",
    "read_only",
    "receipt",
    "require_writable",
    "seals",
    "sequence",
    "start_check",
    "status",
    "ticket",
    "tile",
    "verifier_keys",
    "wait",
]
