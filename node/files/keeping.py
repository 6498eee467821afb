"""Taking in a file: checked whole, sealed, and waiting until words take it along.

Until then its key is with whoever sent it. What no words take along is let go of.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete

from governance import files as rules
from governance.files import PICTURES, Media
from node import jobs, vault
from node.core import Node
from node.errors import ExportFailed, Unready
from node.files import pictures, sealing, store
from node.ids import new_id
from node.models.files import Attachment
from node.upsert import insert_rows

JOB = "files.remove"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    name: str
    #: What its sender says it is; empty if they do not.
    declared: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that waits in the store."""

    id: UUID
    name: str
    media: Media
    size: int
    digest: bytes = field(repr=False)
    key: bytes = field(repr=False)


@contextmanager
def as_it_came(node: Node, name: str, raw: bytes) -> Iterator[Kept]:
    """Keep a message byte for byte, for as long as it takes to say where it belongs."""
    try:
        named = rules.safe_name(name, Media.MAIL)
        kept = _kept(node, new_id(node), named, Media.MAIL, raw)
    except ExportFailed as error:
        raise Unready("files cannot be kept just now") from error
    try:
        yield kept
    finally:
        let_go(node, [kept.id])


@contextmanager
def taken(node: Node, uploads: Sequence[Upload]) -> Iterator[tuple[Kept, ...]]:
    """Keep files for as long as it takes to say what they go with."""
    kept = keep(node, uploads)
    try:
        yield kept
    finally:
        let_go(node, [one.id for one in kept])


def keep(node: Node, uploads: Sequence[Upload]) -> tuple[Kept, ...]:
    """Check files and keep them all, or none."""
    rules.check_count([len(one.raw) for one in uploads])
    # All are looked at before the first is kept.
    checked = [_checked(node, one) for one in uploads]
    ids = [new_id(node) for _ in checked]
    try:
        return tuple(
            _kept(node, file_id, *one)
            for file_id, one in zip(ids, checked, strict=True)
        )
    except ExportFailed as error:
        let_go(node, ids)
        raise Unready("files cannot be kept just now") from error


def _checked(node: Node, upload: Upload) -> tuple[str, Media, bytes]:
    media = rules.check(upload.raw, upload.name, upload.declared)
    raw = upload.raw
    if media in PICTURES:
        raw, media = pictures.redraw(node, raw, media)
    return rules.safe_name(upload.name, media), media, raw


def _kept(node: Node, file_id: UUID, name: str, media: Media, raw: bytes) -> Kept:
    key = node.dice(vault.KEY_SIZE)
    # The row stands first, so that nothing in the store is without one.
    with node.begin() as tx:
        row = {
            "id": file_id,
            "name": vault.seal(node, key, name_place(file_id), name),
            "media": media,
            "size": len(raw),
            "created_at": node.now(),
        }
        insert_rows(tx, Attachment, row)
    sealed = sealing.seal(node, key, bytes_place(file_id), raw)
    store.of(node).put(store.path(file_id), sealed)
    return Kept(file_id, name, media, len(raw), sha256(raw).digest(), key)


def let_go(node: Node, ids: Sequence[UUID]) -> None:
    """Let go of those files that nothing took along. Safe to call at any time."""
    if not ids:
        return
    with node.begin() as tx:
        waiting = (Attachment.id.in_(list(ids)), Attachment.case_id.is_(None))
        gone = tx.scalars(
            delete(Attachment).where(*waiting).returning(Attachment.id)
        ).all()
    for file_id in gone:
        _drop(node, file_id)


def _drop(node: Node, file_id: UUID) -> None:
    try:
        store.of(node).drop(store.path(file_id))
    except ExportFailed:
        # Nothing opens it any more; it goes when the store is there again.
        with node.begin() as tx:
            jobs.put(node, tx, jobs.Asked(JOB, str(file_id), node.now()))


def name_place(file_id: UUID) -> vault.Place:
    """Return where a file's name stands."""
    return vault.Place(Attachment.__tablename__, "name", file_id)


def bytes_place(file_id: UUID) -> vault.Place:
    """Return what a file's bytes are bound to."""
    return vault.Place(Attachment.__tablename__, "bytes", file_id)
