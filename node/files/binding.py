"""A file of a case: bound to it by an entry that says how long it is, and its hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from governance import files as rules
from governance.errors import FileDamaged
from governance.files import PICTURES, Media
from ledger.author import Channel as Attested
from ledger.encoding import b64u
from ledger.entry import Role
from node import vault
from node.core import Node
from node.files.keeping import Kept, name_place
from node.log import Chain, Saying
from node.models.files import Attachment
from node.models.vault import ContentKey

_KEY = "file"


@dataclass(frozen=True, slots=True)
class By:
    """Who adds files, as the ledger has it."""

    author_id: UUID | None
    role: Role
    channel: Attested
    method: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as whoever may see its case sees it."""

    id: UUID
    name: str
    media: Media
    size: int
    author_id: UUID | None
    entry_seq: int
    at: datetime

    @property
    def picture(self) -> bool:
        """Whether it is shown, and not only handed over."""
        return self.media in PICTURES


def add(chain: Chain, kept: Sequence[Kept], by: By) -> None:
    """Bind files that wait to a case, each with an entry of its own."""
    if not kept:
        return
    tx, case_id = chain.tx, chain.case_id
    known = select(func.count()).where(Attachment.case_id == case_id)
    rules.check_count([one.size for one in kept], before=tx.scalar(known) or 0)
    for one in kept:
        bind(chain, one, by)


def bind(chain: Chain, one: Kept, by: By) -> None:
    """Bind one file to a case, however many are there already."""
    seq = chain.say(
        Saying(
            kind="attach",
            role=by.role,
            channel=by.channel,
            facts={"file": str(one.id), "method": by.method},
            fields={
                "len": one.size,
                "sha256": b64u(one.digest),
                "type": one.media.value,
            },
            re=chain.last,
        )
    )
    mine = (Attachment.id == one.id, Attachment.case_id.is_(None))
    bound = (
        update(Attachment)
        .where(*mine)
        .values(
            case_id=chain.case_id,
            author_id=by.author_id,
            entry_seq=seq,
            created_at=chain.node.now(),
        )
    )
    if not chain.tx.execute(bound.returning(Attachment.id)).all():
        raise FileDamaged("This file waits here no more. Choose it again.")
    vault.keep_key(chain.node, chain.tx, _KEY, one.id, one.key)


def lines(node: Node, tx: Session, case_id: UUID) -> list[FileLine]:
    """Return the files of a case, in the order they came."""
    kept = and_(ContentKey.kind == _KEY, ContentKey.owner == Attachment.id)
    rows = tx.execute(
        select(Attachment, Attachment.entry_seq, ContentKey.epoch, ContentKey.wrapped)
        .join(ContentKey, kept)
        .where(Attachment.case_id == case_id, Attachment.entry_seq.is_not(None))
        .order_by(Attachment.entry_seq)
    )
    found = []
    for row, seq, epoch, wrapped in rows:
        key = vault.open_key(node, vault.Wrapped(_KEY, row.id, epoch, wrapped))
        found += [] if seq is None else [_line(row, key, seq)]
    return found


def line(node: Node, tx: Session, row: Attachment) -> FileLine | None:
    """Return one file; None if it was never bound or is erased."""
    key = key_of(node, tx, row.id)
    if key is None or row.entry_seq is None:
        return None
    return _line(row, key, row.entry_seq)


def _line(row: Attachment, key: bytes, seq: int) -> FileLine:
    name = vault.unseal(key, name_place(row.id), row.name)
    return FileLine(
        row.id, name, row.media, row.size, row.author_id, seq, row.created_at
    )


def opener(
    node: Node, tx: Session, case_id: UUID, file_id: UUID
) -> tuple[FileLine, bytes] | None:
    """Return a file of this case with its key; None if there is none, or no more."""
    row = tx.get(Attachment, file_id)
    if row is None or row.case_id != case_id:
        return None
    found, key = line(node, tx, row), key_of(node, tx, file_id)
    return (found, key) if found and key else None


def key_of(node: Node, tx: Session, file_id: UUID) -> bytes | None:
    """Return the key of a file that belongs to a case."""
    return vault.key_of(node, tx, _KEY, file_id)


def destroy_key(tx: Session, file_id: UUID) -> None:
    """Let go of a file's key, and by that of the file."""
    vault.destroy_key(tx, _KEY, file_id)
