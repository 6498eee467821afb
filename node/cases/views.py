"""A case as one viewer may see it: where it stands, what happened, who can see it.

The member and the desk see the same facts; whose turn it is depends on who looks.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from governance.access import Field
from governance.cases import State
from governance.claims import Value
from governance.consent import Purpose
from governance.errors import NotFound
from governance.pledges import TO_MEMBER
from governance.threads import Direction, MessageKind
from node import log, people, vault
from node.accounts.visitor import Visitor
from node.cases import chances, choosing, reads, waiting
from node.cases.glass import look_at
from node.cases.hand import Hand
from node.cases.lists import late
from node.cases.shapes import (
    Ask,
    CaseView,
    ConsentLine,
    Named,
    PledgeLine,
    Resolution,
    SeenBy,
    WaitsFor,
)
from node.cases.timelines import timeline
from node.core import Node
from node.models.areas import Area
from node.models.cases import Case
from node.models.consent import Consent
from node.models.pledges import Pledge
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


def view(node: Node, reference: str, *, by: Visitor) -> CaseView:
    """Return a case as this viewer may see it."""
    try:
        with node.read() as tx:
            hand = look_at(node, tx, reference, by)
            shown, look = show(_look(hand)), reads.of_case(hand, Field.CASE)
    except NotFound:
        reads.missed(node, Field.CASE, by=by)
        raise
    reads.keep(node, look)
    return shown


def readers(hand: Hand) -> tuple[SeenBy, ...]:
    """Return who can see the case, for whoever may see it."""
    return _seen_by(_look(hand))


def _look(hand: Hand) -> Look:
    messages = tuple(
        hand.tx.scalars(
            select(Message)
            .where(Message.case_id == hand.case.id)
            .order_by(Message.entry_seq)
        )
    )
    ids = {hand.case.member_id, hand.case.responsible_id}
    ids |= {message.author_id for message in messages}
    known = {one for one in ids if one is not None}
    return Look(hand, hand.key(), messages, people.names(hand.node, hand.tx, known))


def show(look: Look) -> CaseView:
    """Put together everything a page or program shows of a case."""
    case, hand = look.case, look.hand
    claim = hand.tx.get_one(Claim, case.id)
    pledges = _pledges(look)
    story = _story(look)
    entries = timeline(hand, look.key, story, look.messages)
    return CaseView(
        reference=case.reference,
        title=look.of_case("title", case.title) or case.reference,
        state=case.state,
        outcome=case.outcome,
        kind=case.kind,
        topic=case.topic,
        priority=case.priority,
        priority_reason=look.of_case("priority_reason", case.priority_reason),
        language=case.language,
        channel=case.channel,
        received_at=case.received_at,
        closed_at=case.closed_at,
        late_by=late(case, hand.node.now()),
        disputed=case.disputed,
        part=chances.part(hand),
        turn=chances.turn(hand),
        member_name=look.names.get(case.member_id, ""),
        responsible=_responsible(look),
        chosen=choosing.chosen(hand),
        place=look.of_case("place", case.place),
        area_name=_area(look),
        story=story,
        wanted=look.open("claim", "wanted", case.id, claim.wanted),
        value=_value(look, claim),
        queue_place=chances.queue_place(hand),
        ask=_ask(look),
        waits_for=_waits_for(hand),
        resolution=_resolution(look, claim),
        timeline=entries,
        lost=log.lost(hand.tx, case.id),
        pledges=pledges,
        next_promise=_next(look, pledges),
        seen_by=_seen_by(look),
        consents=_consents(look),
        acts=chances.acts(hand),
        may_reopen=chances.may_reopen(hand),
        may_appeal=hand.own and chances.may_appeal(hand),
        version=entries[-1].seq,
    )


def _story(look: Look) -> str:
    submission = look.hand.tx.scalars(
        select(Submission)
        .where(Submission.case_id == look.case.id)
        .order_by(Submission.received_at)
        .limit(1)
    ).one()
    return look.open("submission", "text", submission.id, submission.text)


def _pledges(look: Look) -> tuple[PledgeLine, ...]:
    rows = look.hand.tx.scalars(
        select(Pledge)
        .where(Pledge.case_id == look.case.id)
        .order_by(Pledge.started_at, Pledge.kind, Pledge.round)
    )
    return tuple(
        PledgeLine(
            row.kind,
            row.due_at,
            row.state,
            row.met_at,
            row.missed_at,
            row.cause,
            row.rung,
            row.rule,
            row.rules,
        )
        for row in rows
    )


def _next(look: Look, pledges: tuple[PledgeLine, ...]) -> PledgeLine | None:
    due = look.case.next_due_at
    mine = (one for one in pledges if one.kind in TO_MEMBER and not one.met_at)
    return next((one for one in mine if one.due_at == due), None)


def _responsible(look: Look) -> Named | None:
    who = look.case.responsible_id
    return Named(who, look.names.get(who, "")) if who else None


def _area(look: Look) -> str:
    area = look.case.area and look.hand.tx.get(Area, look.case.area)
    return area.name if area else ""


def _value(look: Look, claim: Claim) -> Value | None:
    packed = look.open("claim", "value", look.case.id, claim.value)
    return unpacked(packed) if packed else None


def _ask(look: Look) -> Ask | None:
    if look.case.state is not State.WAITING_MEMBER:
        return None
    found = _newest(look, MessageKind.QUESTION)
    if found is None:
        return None
    return Ask(_author(look, found), _body(look, found), found.sent_at)


def _waits_for(hand: Hand) -> WaitsFor | None:
    row = waiting.latest(hand) if hand.case.state is State.WAITING_OTHER else None
    if row is None:
        return None
    return WaitsFor(waiting.whom(hand, row), row.due_at)


def _resolution(look: Look, claim: Claim) -> Resolution | None:
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


def _seen_by(look: Look) -> tuple[SeenBy, ...]:
    case = look.case
    seen = [SeenBy("member", look.names.get(case.member_id, ""))]
    if case.responsible_id:
        seen.append(SeenBy("advocate", look.names.get(case.responsible_id, "")))
    if case.open_to_advocates and case.responsible_id is None:
        seen.append(SeenBy("advocates", ""))
    return (*seen, SeenBy("coordinator", ""))


def _consents(look: Look) -> tuple[ConsentLine, ...]:
    rows = look.hand.tx.scalars(
        select(Consent)
        .where(Consent.case_id == look.case.id)
        # What was agreed to at once begins with what all else rests on.
        .order_by(Consent.given_at, Consent.purpose != Purpose.HANDLE_CASE, Consent.id)
    )
    return tuple(
        ConsentLine(
            row.id, row.purpose, row.recipient or "", row.given_at, row.withdrawn_at
        )
        for row in rows
        if row.given_at is not None
    )
