"""One chain, as far as its entries were read: each must follow the one before."""

import sys
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ledger import entry
from ledger.tree import HASH as KEY
from node import vault
from node.core import Node
from node.log.chains import open_case_key
from node.models.log import LedgerChain

#: The log that goes on comes after all that ended.
_NEWEST = sys.maxsize


@dataclass(slots=True)
class Chain:
    """How far one chain was read."""

    id: UUID
    kc: bytes | None
    #: How long the chain is, and its last C, as its row says.
    end: tuple[int, bytes | None]
    content_key: bytes | None
    case_key: bytes | None
    seq: int = -1
    c: bytes | None = None
    #: The last log it stands in, and where.
    at: tuple[int, int] = (0, -1)

    @classmethod
    def of(cls, node: Node, tx: Session, case_id: UUID) -> "Chain":
        """Return a chain of which nothing was read yet."""
        row = tx.get(LedgerChain, case_id) or LedgerChain(next_seq=0)
        key, case_key = content_key_of(node, tx, case_id), None
        if key and row.case_key:
            try:
                case_key = open_case_key(key, case_id, row.case_key)
            except vault.Damaged:
                case_key = bytes(KEY)  # commits to no chain's kc
        return cls(case_id, row.kc, (row.next_seq, row.head), key, case_key)

    def holds(self) -> bool:
        """Say whether the row of the chain has its key, and knows its last entry."""
        if self.case_key and entry.key_commitment(self.case_key) != self.kc:
            return False
        # A shorter chain may be one whose last entries were erased.
        return self.seq + 1 < self.end[0] or (self.seq + 1, self.c) == self.end

    def take(self, row: Any, c: bytes, prev: bytes | None) -> bool:
        """Go on to an entry; say whether it follows what was read before."""
        # Of an entry that was erased, nobody knows the commitment here.
        linked = row.seq != self.seq + 1 or prev == self.c
        self.seq, self.c = row.seq, c
        if row.idx is None:
            return linked
        before, self.at = self.at, (row.epoch or _NEWEST, row.idx)
        return linked and before < self.at


def content_key_of(node: Node, tx: Session, case_id: UUID) -> bytes | None:
    """Return the key of a chain's fields; None if it was erased, or does not open."""
    try:
        return vault.key_of(node, tx, "case", case_id)
    except vault.Damaged:
        return None
