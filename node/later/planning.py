"""Planning a reply at the desk: written for a moment, changed, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from governance.errors import (
    Conflict,
    IdempotencyMismatch,
    NotFound,
    NotYours,
    WrongState,
)
from governance.later import LaterEnd, Withheld, check_plan, check_waits
from governance.submissions import check_words
from node import jobs, notes, people, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.later import seconding
from node.later.leaving import JOB, may_send, place
from node.models.later import LaterReply
from node.models.threads import Message
from node.threads import Words


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reply that waits, or that was not sent, as one reader at the desk sees it."""

    id: UUID
    text: str
    #: Who wrote it, and in whose name it leaves.
    who: str
    due_at: datetime
    version: int
    #: Why it did not leave when its moment came; None while it waits.
    why: Withheld | None
    #: Whether the reader can change it.
    yours: bool
    #: In the community's name: who can agree to it. None for one with a moment.
    seconds: tuple[str, ...] | None = None
    #: Whether the reader can.
    may_agree: bool = False


def schedule(
    node: Node, reference: str, words: Words, at: datetime, *, by: Visitor
) -> None:
    """Keep a reply until a moment. Safe to repeat."""
    check_words(words.text)
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        if planned(hand, words):
            return
        author = by.person_id
        if author is None or not may_send(hand):
            raise NotYours("To reply is for the advocate who works on the case.")
        check_plan(hand.case.state, at, at=node.now())
        row = LaterReply(
            id=words.id,
            case_id=hand.case.id,
            author_id=author,
            body=vault.seal(node, hand.key(), place(words.id), words.text),
            version=1,
            due_at=at,
        )
        tx.add(row)
        tx.flush()
        _wake(hand, row)


def change(
    node: Node, reference: str, words: Words, plan: tuple[datetime, int], *, by: Visitor
) -> None:
    """Change a reply that waits, or its moment; `plan` ends with the version seen."""
    check_words(words.text)
    at, seen = plan
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        row = _row(hand, words.id)
        if row.text_id is not None:
            raise WrongState("Somebody is asked about these words. Take them back.")
        if row.author_id != by.person_id or not may_send(hand):
            raise NotYours("It leaves in its author's name: only they change it.")
        check_waits(row.end)
        check_plan(hand.case.state, at, at=node.now())
        if seen != row.version:
            raise Conflict("You changed this reply meanwhile. Look at it first.")
        row.body = vault.seal(node, hand.key(), place(row.id), words.text)
        row.due_at, row.version = at, row.version + 1
        _wake(hand, row)


def cancel(node: Node, reference: str, reply_id: UUID, *, by: Visitor) -> None:
    """Take back a reply before it leaves, or put away one that did not. Repeatable."""
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        row = _row(hand, reply_id)
        if row.end is LaterEnd.SENT:
            check_waits(row.end)
        row.ended_at, row.end, row.body = node.now(), LaterEnd.CANCELLED, None


def waiting(node: Node, reference: str, *, by: Visitor) -> tuple[Waiting, ...]:
    """Return the replies of a case that wait or were held, to who works on it."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        if not (notes.works(hand) or seconding.might_agree(hand)):
            return ()
        rows = tx.scalars(
            select(LaterReply)
            .where(LaterReply.case_id == hand.case.id, LaterReply.body.is_not(None))
            .order_by(LaterReply.due_at, LaterReply.id)
        ).all()
        return _shown(hand, rows)


def _shown(hand: Hand, rows: Sequence[LaterReply]) -> tuple[Waiting, ...]:
    key, sends = hand.key(), may_send(hand)
    asked = seconding.asked(hand, rows)
    known = {row.author_id for row in rows} | {
        it for ids in asked.values() for it in ids
    }
    names = people.names(hand.node, hand.tx, known)
    me = hand.by.person_id
    return tuple(
        Waiting(
            id=row.id,
            text=vault.words(key, place(row.id), row.body),
            who=names.get(row.author_id, ""),
            due_at=row.due_at,
            version=row.version,
            why=row.why,
            yours=sends
            and row.author_id == me
            and row.end is None
            and row.text_id is None,
            seconds=tuple(names[it] for it in asked[row.id])
            if row.id in asked
            else None,
            may_agree=me in asked.get(row.id, ()),
        )
        for row in rows
    )


def planned(hand: Hand, words: Words) -> bool:
    """Say whether this was planned before; refuse a number that is something else's."""
    row = hand.tx.get(LaterReply, words.id)
    if row is None and hand.tx.get(Message, words.id) is None:
        return False
    mine = row is not None and (row.case_id, row.author_id) == (
        hand.case.id,
        hand.by.person_id,
    )
    if row is None or not mine or _other(hand, row, words):
        raise IdempotencyMismatch("Something else was sent under this number before.")
    return True


def _other(hand: Hand, row: LaterReply, words: Words) -> bool:
    if row.version > 1 or row.body is None:
        return False  # It went on since then; it is the same one all the same.
    return vault.words(hand.key(), place(row.id), row.body) != words.text


def _row(hand: Hand, reply_id: UUID) -> LaterReply:
    # Behind the lock of the case: whoever sends it takes that one first, too.
    row = hand.tx.get(
        LaterReply, reply_id, with_for_update=True, populate_existing=True
    )
    if row is None or row.case_id != hand.case.id or not notes.works(hand):
        raise NotFound("There is no such reply here.")
    return row


def _wake(hand: Hand, row: LaterReply) -> None:
    # One job for each version: an older one finds that it comes too early.
    key = f"{JOB}/{row.id}/{row.version}"
    asked = jobs.Asked(JOB, str(row.id), row.due_at, None, key)
    jobs.put(hand.node, hand.tx, asked)
