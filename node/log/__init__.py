"""The node's ledger: what is said is sealed with its cause, sequenced, published.

A leaf never changes once its transaction commits, and nobody is told "it is in the
ledger" before the batch that holds it is on disk.
"""

from node.log.authoring import STATEMENT_REFUSALS, Authored, authored
from node.log.bulk import write
from node.log.chains import Chain, begin_chain, chain, has_chain, open_chain
from node.log.changes import keys, keys_in
from node.log.checking import UNGUARDED, compare, guard_again, halt, start_check
from node.log.citing import request_succession
from node.log.clears import Notice, Payload, clear
from node.log.erased import (
    ChainErased,
    EntryErased,
    Gone,
    Stand,
    erased,
    stands,
    ticket,
    without_entries,
)
from node.log.exporting import JOB as EXPORT
from node.log.exporting import export, publish_to
from node.log.founding import found
from node.log.fsck import SENTENCES, Finding, fsck
from node.log.governing import Whose, event
from node.log.names import epoch, origin, place
from node.log.past import Ended, ended
from node.log.persons import add_key, member_chain, revoke_key
from node.log.proving import prove
from node.log.publishing import publish
from node.log.reading import (
    LogStatus,
    NotPublished,
    checkpoints,
    lost,
    seals,
    status,
)
from node.log.receipts import head, receipt
from node.log.restoring import restore
from node.log.rotating import (
    OVERLAP,
    key_file,
    overlapping,
    request_revocation,
    revoke,
    rotate,
)
from node.log.sequencing import (
    LedgerReadOnly,
    Sealed,
    read_only,
    require_writable,
    sequence,
    unwell,
    wait,
)
from node.log.serving import checkpoint, payload, require_now, tile
from node.log.shapes import Saying, Ticket
from node.log.showing import (
    EntryShown,
    PayloadShown,
    Witness,
    entry,
    newest,
    witnesses,
)
from node.log.signing import verifier_keys
from node.log.standing import EntryStanding, Standing, standing
from node.log.succeeding import succeed
from node.log.tags import Tags, look_up
from node.log.telling import Told, events, of_chain
from node.log.trusting import (
    Quorum,
    check,
    policy,
    quorum,
    seen_by_most,
    suggested,
)

__all__ = [
    "EXPORT",
    "OVERLAP",
    "SENTENCES",
    "STATEMENT_REFUSALS",
    "UNGUARDED",
    "Authored",
    "Chain",
    "ChainErased",
    "Ended",
    "EntryErased",
    "EntryShown",
    "EntryStanding",
    "Finding",
    "Gone",
    "LedgerReadOnly",
    "LogStatus",
    "NotPublished",
    "Notice",
    "Payload",
    "PayloadShown",
    "Quorum",
    "Saying",
    "Sealed",
    "Stand",
    "Standing",
    "Tags",
    "Ticket",
    "Told",
    "Whose",
    "Witness",
    "add_key",
    "authored",
    "begin_chain",
    "chain",
    "check",
    "checkpoint",
    "checkpoints",
    "clear",
    "compare",
    "ended",
    "entry",
    "epoch",
    "erased",
    "event",
    "events",
    "export",
    "found",
    "fsck",
    "guard_again",
    "halt",
    "has_chain",
    "head",
    "key_file",
    "keys",
    "keys_in",
    "look_up",
    "lost",
    "member_chain",
    "newest",
    "of_chain",
    "open_chain",
    "origin",
    "overlapping",
    "payload",
    "place",
    "policy",
    "prove",
    "publish",
    "publish_to",
    "quorum",
    "read_only",
    "receipt",
    "request_revocation",
    "request_succession",
    "require_now",
    "require_writable",
    "restore",
    "revoke",
    "revoke_key",
    "rotate",
    "seals",
    "seen_by_most",
    "sequence",
    "standing",
    "stands",
    "start_check",
    "status",
    "succeed",
    "suggested",
    "ticket",
    "tile",
    "unwell",
    "verifier_keys",
    "wait",
    "without_entries",
    "witnesses",
    "write",
]
