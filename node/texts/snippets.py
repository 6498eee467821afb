"""Short texts of one's own: whoever wrote them reads them, and nobody else.

They are sealed under their person's key, and go with the person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from governance.errors import Denied, IdempotencyMismatch, NotFound
from governance.submissions import check_words
from governance.texts import check_room, check_snippet
from node import vault, walls
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.people import Person
from node.models.snippets import Snippet
from node.models.vault import ContentKey
from node.texts.filling import own_words


@dataclass(frozen=True, slots=True)
class Short:
    """A short text as somebody writes it, under a number of their choosing."""

    id: UUID
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A short text as its author reads it."""

    id: UUID
    title: str
    text: str
    created_at: datetime
    changed_at: datetime


def write(node: Node, short: Short, *, by: Visitor) -> None:
    """Keep a short text. Safe to repeat."""
    person_id, said = _at_the_desk(by), _checked(short)
    with node.begin() as tx:
        # Of two that are written at once, one waits: so many and no more.
        tx.get_one(Person, person_id, with_for_update=True)
        key = _key(node, tx, person_id)
        row = tx.get(Snippet, short.id)
        if row is not None:
            if row.person_id != person_id or _other(key, row, said):
                raise IdempotencyMismatch(
                    "Something else was sent under this number before."
                )
            return
        counted = select(func.count()).where(Snippet.person_id == person_id)
        check_room(tx.scalar(counted) or 0)
        now = node.now()
        row = Snippet(id=said.id, person_id=person_id, created_at=now, changed_at=now)
        _put(node, key, row, said)
        tx.add(row)


def change(node: Node, short: Short, *, by: Visitor) -> None:
    """Change one's own short text. Safe to repeat."""
    said = _checked(short)
    _at_the_desk(by)
    with node.begin() as tx:
        row = _mine(tx, short.id, by)
        row.changed_at = node.now()
        _put(node, _key(node, tx, row.person_id), row, said)


def drop(node: Node, short_id: UUID, *, by: Visitor) -> None:
    """Delete one's own short text, also when one is not at the desk any more."""
    with node.begin() as tx:
        tx.delete(_mine(tx, short_id, by))


def mine(node: Node, *, by: Visitor) -> tuple[Kept, ...]:
    """Return somebody's short texts, by title."""
    with node.read() as tx:
        return of(node, tx, walls.own_of(by))


def of(node: Node, tx: Session, ids: Collection[UUID]) -> tuple[Kept, ...]:
    """Return the short texts of everybody who is one person, by title."""
    rows = tx.execute(
        select(Snippet, ContentKey.epoch, ContentKey.wrapped)
        .join(
            ContentKey,
            and_(
                ContentKey.kind == "person",
                ContentKey.owner == Snippet.person_id,
            ),
        )
        .where(Snippet.person_id.in_(ids))
    )
    found = []
    for row, epoch, wrapped in rows:
        held = vault.Wrapped("person", row.person_id, epoch, wrapped)
        found.append(_kept(vault.open_key(node, held), row))
    return tuple(sorted(found, key=lambda it: (it.title.casefold(), it.id)))


def fill(node: Node, reference: str, short_id: UUID, *, by: Visitor) -> str:
    """Return one's own short text as it reads in a case; refuse what that lacks."""
    found = next((it for it in mine(node, by=by) if it.id == short_id), None)
    if found is None:
        raise NotFound("You keep no such text.")
    return own_words(node, reference, found.text, by=by)


def _at_the_desk(by: Visitor) -> UUID:
    if by.kind != "member" or by.person_id is None or not by.grants:
        raise Denied("Short texts are for those at the desk.", rules=("silence",))
    return by.person_id


def _checked(short: Short) -> Short:
    check_words(short.text)
    title = check_snippet(short.title, short.text)
    check_words(title)
    return Short(short.id, title, short.text)


def _mine(tx: Session, short_id: UUID, by: Visitor) -> Snippet:
    row = tx.get(Snippet, short_id, with_for_update=True)
    if row is None or row.person_id not in walls.own_of(by):
        raise NotFound("You keep no such text.")
    return row


def _key(node: Node, tx: Session, person_id: UUID) -> bytes:
    key = vault.key_of(node, tx, "person", person_id)
    if key is None:
        raise vault.Damaged("this person was erased")
    return key


def _put(node: Node, key: bytes, row: Snippet, said: Short) -> None:
    row.title = vault.seal(node, key, _place(row.id, "title"), said.title)
    row.body = vault.seal(node, key, _place(row.id, "body"), said.text)


def _other(key: bytes, row: Snippet, said: Short) -> bool:
    if row.changed_at != row.created_at:
        return False  # It went on since then; it is the same one all the same.
    kept = _kept(key, row)
    return (kept.title, kept.text) != (said.title, said.text)


def _kept(key: bytes, row: Snippet) -> Kept:
    return Kept(
        id=row.id,
        title=vault.unseal(key, _place(row.id, "title"), row.title),
        text=vault.unseal(key, _place(row.id, "body"), row.body),
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def _place(short_id: UUID, column: str) -> vault.Place:
    return vault.Place(Snippet.__tablename__, column, short_id)
