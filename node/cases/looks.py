"""One look at one case: what is read once, and the words somebody wrote in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from governance.cases import State
from governance.claims import Value
from governance.threads import Direction, MessageKind
from node import files, people, vault
from node.cases import partied, parts, waiting
from node.cases.hand import Hand
from node.cases.parts import Said
from node.cases.shapes import Ask, Resolution, WaitsFor
from node.files import FileLine
from node.models.cases import Case, CaseEvent
from node.models.parties import Party
from node.models.pledges import Escalation, MissCause, Pledge
from node.models.proxies import Proxy
from node.models.submissions import Claim, Submission, unpacked
from node.models.threads import Message, Spoken


@dataclass(frozen=True, slots=True)
class Look:
    """What is read once for one look at one case."""

    hand: Hand
    key: bytes
    messages: Sequence[Message]
    events: Sequence[CaseEvent]
    brought: Sequence[FileLine]
    #: How it was split, and of which case it is a part.
    split: Sequence[Said]
    origin: str
    told: Submission
    claim: Claim
    #: Who told it for the member, if somebody did.
    proxy: Proxy | None
    #: What was said or on paper, by its message.
    spoken: dict[UUID, Spoken]
    #: Who is, was or may be in it besides its member.
    parties: Sequence[Party]
    names: dict[UUID, str]
    pledges: Sequence[Pledge]
    #: The steps its promises took on the ladder, in order.
    climbed: Sequence[Escalation]
    #: Why some were missed, as people said.
    explained: Sequence[MissCause]

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
    node, tx, case = hand.node, hand.tx, hand.case
    how = Spoken.message_id == Message.id
    mine = select(Message, Spoken).outerjoin(Spoken, how)
    rows = tx.execute(
        mine.where(Message.case_id == case.id).order_by(Message.entry_seq)
    ).all()
    said: list[tuple[Message, Spoken | None]] = [(row, one) for row, one in rows]
    messages = [row for row, _ in said]
    spoken = {row.id: one for row, one in said if one is not None}
    acts = select(CaseEvent).where(CaseEvent.case_id == case.id)
    events = tx.scalars(acts.order_by(CaseEvent.seq)).all()
    key = hand.key()
    first = select(Submission, Claim, Proxy).join(
        Claim, Claim.case_id == Submission.case_id
    )
    first = first.outerjoin(Proxy, Proxy.case_id == Submission.case_id)
    first = first.where(Submission.case_id == case.id)
    told, claim, proxy = tx.execute(
        first.order_by(Submission.received_at).limit(1)
    ).one()
    brought = files.lines(node, tx, case.id)
    split, origin = parts.said(hand)
    pledges, climbed, explained = _promised(hand)
    others = partied.rows(tx, case.id)
    ids = {case.member_id, case.responsible_id, hand.lead}
    ids |= {one.author_id for one in messages} | {one.author_id for one in brought}
    ids |= {one.actor_id for one in events} | {one.actor for one in split}
    ids |= {one.captured_by for one in spoken.values()}
    ids |= {one.by_id for one in explained}
    return Look(
        hand=hand,
        key=key,
        messages=messages,
        events=events,
        brought=brought,
        split=split,
        origin=origin,
        told=told,
        claim=claim,
        proxy=proxy,
        spoken=spoken,
        parties=others,
        names=people.names(node, tx, {one for one in ids if one is not None})
        | {row.person_id: partied.name(key, row) for row in others},
        pledges=pledges,
        climbed=climbed,
        explained=explained,
    )


def _promised(hand: Hand) -> tuple[list[Pledge], list[Escalation], list[MissCause]]:
    found = (
        select(Pledge, Escalation, MissCause)
        .outerjoin(Escalation, Escalation.pledge_id == Pledge.id)
        .outerjoin(MissCause, MissCause.pledge_id == Pledge.id)
    )
    found = found.where(Pledge.case_id == hand.case.id).order_by(
        Pledge.started_at, Pledge.kind, Pledge.round
    )
    rows: list[tuple[Pledge, Escalation | None, MissCause | None]] = [
        (pledge, step, why) for pledge, step, why in hand.tx.execute(found)
    ]
    pledges = {pledge.id: pledge for pledge, _, _ in rows}
    # Each step stands beside each cause of its promise: once is enough.
    climbed = {step.entry_seq: step for _, step, _ in rows if step is not None}
    explained = {why.entry_seq: why for _, _, why in rows if why is not None}
    return (
        list(pledges.values()),
        [climbed[seq] for seq in sorted(climbed)],
        [explained[seq] for seq in sorted(explained)],
    )


def story(look: Look) -> str:
    """Return what was said first of all."""
    return look.open("submission", "text", look.told.id, look.told.text)


def value(look: Look) -> Value | None:
    """Return what it is about in figures, where that was said."""
    packed = look.open("claim", "value", look.case.id, look.claim.value)
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


def resolution(look: Look) -> Resolution | None:
    """Return what the case was answered with in the end."""
    if look.case.state not in {State.RESOLVED, State.CLOSED}:
        return None
    found = _newest(look, MessageKind.RESOLUTION)
    if found is None:
        return None
    obtained = look.open("claim", "obtained", look.case.id, look.claim.obtained)
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
