"""A reply that is being written: one for each case, and one person at a time.

Who saves names the version they saw, so that an old page never writes over a newer
one. Saving keeps the others out for five minutes more.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from governance.errors import Conflict
from governance.submissions import check_words
from governance.threads import LOCK, check_lock
from node import notes, people, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.models.notes import MessageDraft


@dataclass(frozen=True, slots=True)
class Draft:
    """The reply that is being written, as one reader sees it."""

    text: str = ""
    version: int = 0
    #: Whoever writes just now, and since when; nobody if it is the reader, or no one.
    writer: str = ""
    since: datetime | None = None


def save(node: Node, reference: str, text: str, seen: int, *, by: Visitor) -> int:
    """Keep a reply as far as it goes; return its version now."""
    check_words(text)
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        who, now = notes.require_works(hand), node.now()
        row = tx.get(MessageDraft, hand.case.id)
        if row is not None:
            check_lock(who, row.locked_by, row.locked_until, at=now)
        version = row.version if row else 0
        if seen != version:
            raise Conflict("Somebody changed this reply meanwhile. Look at it first.")
        if row is None:
            row = MessageDraft(case_id=hand.case.id, version=0, locked_since=now)
            tx.add(row)
        elif row.locked_by != who or row.locked_until <= now:
            row.locked_since = now
        row.body = vault.seal(node, hand.key(), _place(hand), text)
        row.version = version + 1
        row.locked_by, row.locked_until = who, now + LOCK
        return row.version


def look(node: Node, reference: str, *, by: Visitor) -> Draft:
    """Return the reply that is being written, to whoever works on the case."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        row = tx.get(MessageDraft, hand.case.id) if notes.works(hand) else None
        if row is None:
            return Draft()
        text = vault.words(hand.key(), _place(hand), row.body)
        if row.locked_by == by.person_id or row.locked_until <= node.now():
            return Draft(text, row.version)
        name = people.names(node, tx, {row.locked_by}).get(row.locked_by, "")
        return Draft(text, row.version, name, row.locked_since)


def drop(hand: Hand) -> None:
    """Let go of a draft with the reply that was sent, unless somebody else writes."""
    row = hand.tx.get(MessageDraft, hand.case.id)
    if row is None:
        return
    if row.locked_by == hand.by.person_id or row.locked_until <= hand.node.now():
        hand.tx.execute(
            delete(MessageDraft).where(MessageDraft.case_id == hand.case.id)
        )


def _place(hand: Hand) -> vault.Place:
    return vault.Place(MessageDraft.__tablename__, "body", hand.case.id)
