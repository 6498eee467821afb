"""How a case stands in the ledger: its entries, who vouches for and who signed them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger import author, entry
from ledger.encoding import b64u
from ledger.entry import Role
from ledger.receipt import Level
from node.core import Node
from node.log import names, trusting
from node.models.log import LedgerChain, LedgerEntry, LedgerSeal
from node.models.past import LedgerPast, LedgerPastEntry

_THEIRS = frozenset({Role.MEMBER, Role.GUEST})


@dataclass(frozen=True, slots=True)
class EntryStanding:
    """One entry of a case."""

    seq: int
    #: None while it waits for its index.
    level: Level | None
    #: Whether it holds the member's own words or act.
    theirs: bool
    #: Whether a key of its author's signed it, and not the node in their place.
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A case in the ledger."""

    log: str
    #: The chain's id, its key's commitment and its last entry's, in base64url.
    chain: str
    kc: str
    last: str
    #: Who made the key: `device` or `node`.
    key_by: str
    entries: tuple[EntryStanding, ...]
    #: How many witnesses the suggested policy names.
    witnesses: int

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self.entries)

    @property
    def witnessed(self) -> int:
        """How many of them were seen by enough witnesses."""
        return sum(one.level is Level.WITNESSED for one in self.entries)

    @property
    def sealed(self) -> int:
        """How many of them have their index."""
        return sum(one.level is not None for one in self.entries)

    @property
    def signed(self) -> int:
        """How many of the member's own are signed with a key of theirs."""
        return sum(one.theirs and one.signed for one in self.entries)

    @property
    def attested(self) -> int:
        """How many of the member's own the node vouches for in their place."""
        return sum(one.theirs and not one.signed for one in self.entries)


def standing(node: Node, tx: Session, case_id: UUID) -> Standing:
    """Return how a case stands in the ledger now."""
    names.look(node, tx)
    chain = tx.get_one(LedgerChain, case_id)
    seen = trusting.witnessed(tx)
    # In a log that ended, no more is seen than was by then.
    then = (LedgerPastEntry.idx < LedgerPast.seen_size).label("then")
    rows = tx.execute(
        select(
            LedgerSeal.seq, LedgerSeal.entry, LedgerSeal.proof, LedgerEntry.idx, then
        )
        .outerjoin(LedgerEntry, LedgerEntry.oid == LedgerSeal.oid)
        .outerjoin(LedgerPastEntry, LedgerPastEntry.oid == LedgerSeal.oid)
        .outerjoin(LedgerPast, LedgerPast.epoch == LedgerPastEntry.epoch)
        .where(LedgerSeal.case_id == case_id)
        .order_by(LedgerSeal.seq)
    )
    return Standing(
        log=names.origin(node),
        chain=b64u(case_id.bytes),
        kc=b64u(chain.kc or b""),
        last=b64u(chain.head or b""),
        key_by=chain.key_by,
        entries=tuple(
            EntryStanding(
                row.seq,
                _level(row.idx, row.then, seen),
                entry.read_entry(row.entry).role in _THEIRS,
                not isinstance(author.read(row.proof).more, author.Attested),
            )
            for row in rows
        ),
        witnesses=trusting.heard(tx),
    )


def _level(index: int | None, then: bool | None, seen: int) -> Level | None:  # noqa: FBT001 - as the row has it
    if then is not None:
        return Level.WITNESSED if then else Level.RECEIVED
    if index is None:
        return None
    return Level.WITNESSED if index < seen else Level.RECEIVED
