"""What the log says about words it must never hold.

A leaf commits to an entry under a random nonce: whoever is shown both can check
that exactly these bytes were recorded. Destroy the nonce and the leaf is noise,
which is how something is erased from a log that never changes.
"""

from ledger.entry.commitments import commit, commit_payload, key_commitment, tag
from ledger.entry.disclosures import (
    MOST_DISCLOSED,
    Disclosure,
    digest,
    disclose,
    read_disclosure,
)
from ledger.entry.events import (
    EVENT,
    PERSON,
    Event,
    as_event,
    chain_of,
    clear_kind,
    read_event,
)
from ledger.entry.kinds import KINDS, Chain, Kind, Role, kind_of
from ledger.entry.leaves import (
    Clear,
    Sealed,
    clear,
    cover,
    read_leaf,
    sealed,
)
from ledger.entry.statements import (
    Entry,
    Seen,
    Statement,
    entry,
    read_entry,
    read_statement,
    statement,
)

__all__ = [
    "EVENT",
    "KINDS",
    "MOST_DISCLOSED",
    "PERSON",
    "Chain",
    "Clear",
    "Disclosure",
    "Entry",
    "Event",
    "Kind",
    "Role",
    "Sealed",
    "Seen",
    "Statement",
    "as_event",
    "chain_of",
    "clear",
    "clear_kind",
    "commit",
    "commit_payload",
    "cover",
    "digest",
    "disclose",
    "entry",
    "key_commitment",
    "kind_of",
    "read_disclosure",
    "read_entry",
    "read_event",
    "read_leaf",
    "read_statement",
    "sealed",
    "statement",
    "tag",
]
