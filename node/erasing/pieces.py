"""What the fields of a chain's entries are, and where else the same words stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.files import Media
from ledger import entry
from node import vault
from node.log.chains import disclosure_place
from node.models.files import Attachment
from node.models.log import LedgerDisclosure, LedgerSeal

#: A claim repeats what the submission tells: the words go from both, or from neither.
_TWINS = {
    ("submission", "text"): ("claim", "problem"),
    ("claim", "problem"): ("submission", "text"),
}
#: What somebody wrote; and what a file of theirs is said to be.
_WORDS = frozenset({("submission", "text"), ("reply", "text")})
_FILE = "attach"


@dataclass(frozen=True, slots=True)
class Piece:
    """One field of one entry that is still there."""

    oid: int
    n: int
    seq: int
    kind: str
    name: str

    @property
    def what(self) -> tuple[str, str]:
        """Which words they are, wherever they stand."""
        return self.kind, self.name


def pieces(tx: Session, key: bytes, chain_id: UUID) -> list[Piece]:
    """Return every field of a chain that is still there, in order."""
    rows = tx.execute(
        select(LedgerDisclosure, LedgerSeal.seq, LedgerSeal.entry)
        .join(LedgerSeal, LedgerSeal.oid == LedgerDisclosure.oid)
        .where(LedgerSeal.case_id == chain_id)
        .order_by(LedgerSeal.seq, LedgerDisclosure.n)
    )
    return [_piece(key, row, seq, raw) for row, seq, raw in rows]


def _piece(key: bytes, row: LedgerDisclosure, seq: int, raw: bytes) -> Piece:
    opened = vault.unseal(key, disclosure_place(row.oid, row.n), row.disclosure)
    name = entry.read_disclosure(opened).name
    return Piece(row.oid, row.n, seq, entry.read_entry(raw).kind, name)


def with_raw(
    tx: Session, chain_id: UUID, meant: Iterable[Piece], known: Iterable[Piece]
) -> set[Piece]:
    """Return some pieces, and the message as it came behind each of the words in them.

    It is bound behind its words and before any others.
    """
    mails = select(Attachment.entry_seq).where(
        Attachment.case_id == chain_id, Attachment.media == Media.MAIL
    )
    raws = [seq for seq in tx.scalars(mails) if seq is not None]
    found, known = set(meant), list(known)
    words = sorted(one.seq for one in known if one.what in _WORDS)
    gone: set[int] = set()
    for one in found:
        if one.what in _WORDS:
            after = next((seq for seq in words if seq > one.seq), None)
            ends = (seq for seq in raws if after is None or seq < after)
            gone |= {seq for seq in ends if seq > one.seq}
    return found | {one for one in known if one.seq in gone and one.kind == _FILE}


def with_twins(meant: Iterable[Piece], known: Iterable[Piece]) -> set[Piece]:
    """Return some pieces of a chain, and those that say the same words again."""
    found = set(meant)
    twins = {_TWINS.get(one.what) for one in found}
    return found | {one for one in known if one.what in twins}
