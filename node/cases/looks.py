"""One look at one case: what is read once, and the words somebody wrote in it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from governance.cases import State
from governance.claims import Value
from governance.threads import Direction, MessageKind
from node import people, vault
from node.cases import waiting
from node.cases.along import leader
from node.cases.hand import Hand
from node.cases.shapes import Ask, Resolution, WaitsFor
from node.models.cases import Case
from node.models.submissions import Claim, Submission, unpacked
from node.models.threads import Message


@dataclass(frozen=True, slots=True)
class Look:
    """What is read once for one look at one case."""

    hand: Hand
    key: bytes
    messages: tuple[Message, ...]
    names: dict[UUID, str]

    @property
    def case(self) -> Case:
        """The case looked at."""
        return self.hand.case

    def open(self, table: str, column: str, row: object, cell: bytes | None) -> str:
        """Return the words in a cell, or nothing where there are none."""
        return vault.words(self.key, vault.Place(table, column, row), cell)

    def of_case(self, column: str, cell: bytes | None) -> str:
        """Return the words in a column of the case itself."""
        return self.open("case", column, self.case.id, cell)


def take(hand: Hand) -> Look:
    """Read what one look at a case needs."""
    messages = tuple(
        hand.tx.scalars(
            select(Message)
            .where(Message.case_id == hand.case.id)
            .order_by(Message.entry_seq)
        )
    )
    lead = leader(hand.tx, hand.case)
    ids = {hand.case.member_id, hand.case.responsible_id, lead}
    ids |= {message.author_id for message in messages}
    known = {one for one in ids if one is not None}
    return Look(hand, hand.key(), messages, people.names(hand.node, hand.tx, known))


def story(look: Look) -> str:
    """Return what was said first of all."""
    submission = look.hand.tx.scalars(
        select(Submission)
        .where(Submission.case_id == look.case.id)
        .order_by(Submission.received_at)
        .limit(1)
    ).one()
    return look.open("submission", "text", submission.id, submission.text)


def value(look: Look, claim: Claim) -> Value | None:
    """Return what it is about in figures, where that was said."""
    packed = look.open("claim", "value", look.case.id, claim.value)
    return unpacked(packed) if packed else None


def ask(look: Look) -> Ask | None:
    """Return what the member is asked now, if anything."""
    if look.case.state is not State.WAITING_MEMBER:
        return None
    found = _newest(look, MessageKind.QUESTION)
    if found is None:
        return None
    return Ask(_author(look, found), _body(look, found), found.sent_at)


def waits_for(hand: Hand) -> WaitsFor | None:
    """Return whom the case waits for outside, and until when."""
    row = waiting.latest(hand) if hand.case.state is State.WAITING_OTHER else None
    if row is None:
        return None
    return WaitsFor(waiting.whom(hand, row), row.due_at)


def resolution(look: Look, claim: Claim) -> Resolution | None:
    """Return what the case was answered with in the end."""
    if look.case.state not in {State.RESOLVED, State.CLOSED}:
        return None
    found = _newest(look, MessageKind.RESOLUTION)
    if found is None:
        return None
    obtained = look.open("claim", "obtained", look.case.id, claim.obtained)
    return Resolution(_author(look, found), _body(look, found), obtained, found.sent_at)


def _newest(look: Look, kind: MessageKind) -> Message | None:
    found = (
        message
        for message in reversed(look.messages)
        if message.kind is kind and message.direction is Direction.OUT
    )
    return next(found, None)


def _author(look: Look, message: Message) -> str:
    return look.names.get(message.author_id, "") if message.author_id else ""


def _body(look: Look, message: Message) -> str:
    return look.open("message", "body", message.id, message.body)
