"""A case as one viewer may see it: where it stands, what happened, who can see it.

The member and the desk see the same facts; whose turn it is depends on who looks.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from governance import cases as rules
from governance.cases import MOVES, Act, Part, State
from governance.claims import Value
from governance.threads import Direction, MessageKind
from node import people, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.cases.lists import QUEUE, late
from node.cases.shapes import (
    Ask,
    CaseView,
    ConsentLine,
    Named,
    PledgeLine,
    Resolution,
    SeenBy,
)
from node.cases.timelines import timeline
from node.core import Node
from node.models.areas import Area
from node.models.cases import Case
from node.models.consent import Consent
from node.models.pledges import Pledge
from node.models.submissions import Claim, Submission, unpacked
from node.models.threads import Message

_MEMBERS_TURN = frozenset({State.WAITING_MEMBER, State.RESOLVED})
_ADVOCATES_TURN = frozenset({State.ASSIGNED})
#: Beyond this nobody is told a place: it would say nothing.
_FARTHEST_PLACE = 200
#: What somebody can do as yet; of these a look offers what would be accepted.
ASKED = frozenset(
    {
        Act.TRIAGE, Act.ASSIGN, Act.ACCEPT, Act.DECLINE, Act.ASK_MEMBER,
        Act.MEMBER_REPLIED, Act.MEMBER_WROTE, Act.RESOLVE, Act.CONFIRM, Act.DISPUTE,
        Act.REOPEN, Act.WITHDRAW,
    }
)  # fmt: skip


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
        return (
            vault.unseal(self.key, vault.Place(table, column, row), cell)
            if cell
            else ""
        )

    def of_case(self, column: str, cell: bytes | None) -> str:
        """Return the words in a column of the case itself."""
        return self.open("case", column, self.case.id, cell)


def view(node: Node, reference: str, *, by: Visitor) -> CaseView:
    """Return a case as this viewer may see it."""
    with node.read() as tx:
        return show(_look(pick_up(node, tx, reference, by, lock=False)))


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
        title=look.of_case("title", case.title),
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
        part=_part(look),
        turn=_turn(look),
        member_name=look.names.get(case.member_id, ""),
        responsible=_responsible(look),
        place=look.of_case("place", case.place),
        area_name=_area(look),
        story=story,
        wanted=look.open("claim", "wanted", case.id, claim.wanted),
        value=_value(look, claim),
        queue_place=_queue_place(look),
        ask=_ask(look),
        resolution=_resolution(look, claim),
        timeline=entries,
        pledges=pledges,
        next_promise=_next(look, pledges),
        seen_by=_seen_by(look),
        consents=_consents(look),
        acts=_acts(look),
        may_reopen=may_reopen(look.hand),
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
        select(Pledge).where(Pledge.case_id == look.case.id).order_by(Pledge.due_at)
    )
    return tuple(
        PledgeLine(
            row.kind,
            row.due_at,
            row.state,
            row.met_at,
            row.missed_at,
            row.rule,
            row.rules,
        )
        for row in rows
    )


def _next(look: Look, pledges: tuple[PledgeLine, ...]) -> PledgeLine | None:
    due = look.case.next_due_at
    return next((one for one in pledges if one.due_at == due and not one.met_at), None)


def _part(look: Look) -> Part:
    if look.hand.own:
        return Part.MEMBER
    mine = look.case.responsible_id == look.hand.by.person_id
    return Part.ADVOCATE if mine else Part.COORDINATOR


def _turn(look: Look) -> bool:
    case = look.case
    if look.hand.own:
        return case.state in _MEMBERS_TURN
    if case.responsible_id != look.hand.by.person_id:
        return False
    wrote = case.state is State.WORKING and case.member_wrote_last
    return case.state in _ADVOCATES_TURN or wrote


def _responsible(look: Look) -> Named | None:
    who = look.case.responsible_id
    return Named(who, look.names.get(who, "")) if who else None


def _area(look: Look) -> str:
    area = look.case.area and look.hand.tx.get(Area, look.case.area)
    return area.name if area else ""


def _value(look: Look, claim: Claim) -> Value | None:
    packed = look.open("claim", "value", look.case.id, claim.value)
    return unpacked(packed) if packed else None


def _queue_place(look: Look) -> int | None:
    case = look.case
    if case.state is not State.QUEUED:
        return None
    ahead = (
        select(Case.id)
        .where(Case.state == State.QUEUED)
        .order_by(*QUEUE)
        .limit(_FARTHEST_PLACE)
    )
    places = list(look.hand.tx.scalars(ahead))
    return places.index(case.id) + 1 if case.id in places else None


def _ask(look: Look) -> Ask | None:
    if look.case.state is not State.WAITING_MEMBER:
        return None
    found = _newest(look, MessageKind.QUESTION)
    if found is None:
        return None
    return Ask(_author(look, found), _body(look, found), found.sent_at)


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
        .order_by(Consent.given_at)
    )
    return tuple(
        ConsentLine(
            row.id, row.purpose, row.recipient or "", row.given_at, row.withdrawn_at
        )
        for row in rows
    )


def _acts(look: Look) -> frozenset[Act]:
    hand = look.hand
    listed = (
        (act, move) for (state, act), move in MOVES.items() if state is look.case.state
    )
    return frozenset(
        act
        for act, move in listed
        if act in ASKED and hand.part(act) in move.by and _may(hand, act)
    )


def _may(hand: Hand, act: Act) -> bool:
    if act is Act.REOPEN and not may_reopen(hand):
        return False
    verbs = [rules.verb(act), *(["case.take"] if act is Act.ASSIGN else [])]
    return any(hand.may(verb) for verb in verbs)


def may_reopen(hand: Hand) -> bool:
    """Say whether a closed case can still be brought back."""
    case = hand.case
    if case.state is not State.CLOSED or case.closed_at is None or case.outcome is None:
        return False
    return rules.may_reopen(
        case.closed_at, case.outcome, at=hand.node.now(), rules=hand.bylaws.cases
    )
