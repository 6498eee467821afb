"""What happened in a case, in the order it was sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from governance.cases import Act, State
from governance.intake import Channel
from governance.parties import Role
from governance.people import ContactKind
from governance.pledges import PledgeKind
from governance.threads import Direction, MessageKind
from node import aliases, log, vault
from node.cases.hand import Hand
from node.cases.looks import Look, story
from node.cases.parts import Said
from node.cases.shapes import SpokenLine, TimelineEntry, TimelineKind, Who
from node.files import FileLine
from node.log import Gone
from node.models.cases import CaseEvent
from node.models.feedback import Feedback
from node.models.pledges import ContactAttempt, Escalation, MissCause
from node.models.retention import FilesGone
from node.models.threads import Message, Spoken

_KINDS: dict[MessageKind, TimelineKind] = {
    MessageKind.QUESTION: "question",
    MessageKind.RESOLUTION: "resolution",
}


#: By which way somebody tried, as a page says it.
_WAYS = {
    ContactKind.PHONE.value: Channel.PHONE,
    ContactKind.IN_PERSON.value: Channel.IN_PERSON,
    ContactKind.POSTAL.value: Channel.LETTER,
}
#: Acts that a message beside them says better.
_GO_ALONG = frozenset(
    {Act.ASK_MEMBER, Act.MEMBER_REPLIED, Act.MEMBER_WROTE, Act.RESOLVE}
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What every entry of one timeline is made with."""

    look: Look
    seals: Mapping[int, str]
    #: How much was erased, by the entry's number.
    erased: Mapping[int, Gone]
    #: Offers that somebody made to themselves: taking shows as one thing.
    taken: frozenset[int]
    #: Everybody who the member turned out to be.
    members: frozenset[UUID]
    #: Everybody who is or was in the case besides them.
    parties: Mapping[UUID, Role]

    @property
    def hand(self) -> Hand:
        """The case, as whoever looks has it."""
        return self.look.hand

    def who(self, actor: UUID | None) -> Who:
        if actor is None:
            return "node"
        if actor in self.parties:
            return "party"
        if actor not in self.members:
            return "advocate"
        return "you" if self.hand.own else "member"

    def gone(self, seq: int) -> str:
        found = self.erased.get(seq)
        return found.level if found else ""

    def name(self, actor: UUID | None) -> str:
        return self.look.names.get(actor, "") if actor else ""


def timeline(look: Look) -> tuple[TimelineEntry, ...]:
    """Return everything that happened, words and acts, each with its seal."""
    hand, events, first_words = look.hand, look.events, story(look)
    taken = frozenset(
        first.seq
        for first, second in pairwise(events)
        if (first.act, second.act) == (Act.ASSIGN, Act.ACCEPT)
        and first.actor_id == second.actor_id
    )
    case_id = hand.case.id
    seals, erased = log.seals(hand.tx, case_id), log.erased(hand.tx, case_id)
    members = aliases.group(hand.tx, hand.case.member_id)
    others = {row.person_id: row.role for row in look.parties}
    told = _Told(look, seals, erased, taken, members, others)
    entries = [_act(told, event, first_words) for event in events]
    entries += [_said(told, message) for message in look.messages]
    entries += [_brought(told, file) for file in look.brought]
    entries += [_climbed(told, row) for row in look.climbed]
    kinds = {one.id: one.kind for one in look.pledges}
    entries += [_explained(told, row, kinds[row.pledge_id]) for row in look.explained]
    entries += [_parted(told, one) for one in look.split]
    entries += [_let_go(told, row) for row in _files_gone(hand)]
    entries += _tries(told)
    entries += _opinions(told)
    shown = {entry.seq for entry in entries}
    entries += [
        _gap(told, seq, gone.at)
        for seq, gone in erased.items()
        if gone.level == "entry" and seq not in shown
    ]
    return tuple(sorted(entries, key=lambda entry: entry.seq))


def _act(told: _Told, event: CaseEvent, words: str) -> TimelineEntry:
    first = event.act is Act.SUBMIT
    place = vault.Place("case_event", "reason", f"{event.case_id}/{event.seq}")
    reason = vault.words(told.look.key, place, event.reason)
    return TimelineEntry(
        seq=event.entry_seq,
        at=event.at,
        who=told.who(event.actor_id),
        name=told.name(event.actor_id),
        kind=_first(told, event) if first else "act",
        text=words if first else "",
        act=event.act,
        reason=reason,
        machine=event.actor_id is None,
        minor=event.act in _GO_ALONG or (event.seq in told.taken),
        channel=told.hand.case.channel if first else None,
        seal=told.seals.get(event.entry_seq),
        erased=told.gone(event.entry_seq) or ("redact" if first and not words else ""),
        other=told.look.origin if first else "",
    )


def _first(told: _Told, event: CaseEvent) -> TimelineKind:
    # What the desk made of a part of a message, its member did not tell like this.
    if event.actor_id in told.members or told.look.proxy is not None:
        return "submission"
    return "piece"


def _climbed(told: _Told, row: Escalation) -> TimelineEntry:
    bare = _bare(told, row.entry_seq, row.at, row.actor_id)
    return replace(bare, kind="escalate", rung=row.rung, choice=row.choice)


def _explained(told: _Told, row: MissCause, kind: PledgeKind) -> TimelineEntry:
    bare = _bare(told, row.entry_seq, row.at, row.by_id)
    name = told.name(row.by_id)
    return replace(bare, kind="cause", name=name, pledge=kind, cause=row.cause)


def _files_gone(hand: Hand) -> Sequence[FilesGone]:
    rows = select(FilesGone).where(FilesGone.case_id == hand.case.id)
    return hand.tx.scalars(rows.order_by(FilesGone.entry_seq)).all()


def _let_go(told: _Told, row: FilesGone) -> TimelineEntry:
    bare = _bare(told, row.entry_seq, row.at, None)
    return replace(bare, kind="files_gone", number=row.number)


def _tries(told: _Told) -> list[TimelineEntry]:
    case_id = told.hand.case.id
    mine = (ContactAttempt.case_id == case_id, ContactAttempt.entry_seq.is_not(None))
    rows = told.hand.tx.scalars(select(ContactAttempt).where(*mine)).all()
    return [
        replace(
            _bare(told, row.entry_seq, row.at, row.by_id),
            kind="tried",
            name=told.name(row.by_id),
            channel=_WAYS[row.channel],
        )
        for row in rows
        if row.entry_seq is not None
    ]


def _opinions(told: _Told) -> list[TimelineEntry]:
    case = told.hand.case
    if case.state is not State.CLOSED and not case.reopened:
        # Nobody can have said yet how it was.
        return []
    row = told.hand.tx.scalar(select(Feedback).where(Feedback.case_id == case.id))
    if row is None:
        return []
    said = _bare(told, row.entry_seq, row.given_at, case.member_id)
    found = [replace(said, kind="feedback")]
    if row.answer_seq is not None and row.answered_at is not None:
        who = row.answered_by
        answer = _bare(told, row.answer_seq, row.answered_at, who)
        found.append(replace(answer, kind="feedback_answer", name=told.name(who)))
    return found


def _parted(told: _Told, one: Said) -> TimelineEntry:
    bare = _bare(told, one.seq, one.at, one.actor)
    return replace(bare, kind=one.kind, name=told.name(one.actor), other=one.other)


def _bare(told: _Told, seq: int, at: datetime, actor: UUID | None) -> TimelineEntry:
    """Return an entry without words: that something was done, by whom and when."""
    return TimelineEntry(
        seq=seq,
        at=at,
        who=told.who(actor),
        name="",
        kind="act",
        text="",
        act=None,
        reason="",
        machine=actor is None,
        minor=False,
        channel=None,
        seal=told.seals.get(seq),
        erased=told.gone(seq),
    )


def _said(told: _Told, message: Message) -> TimelineEntry:
    place = vault.Place("message", "body", message.id)
    sender = told.look.open("message", "sender", message.id, message.sender)
    return TimelineEntry(
        seq=message.entry_seq,
        at=message.sent_at,
        who="outside" if sender else told.who(message.author_id),
        name=sender or told.name(message.author_id),
        kind=_KINDS.get(message.kind, "reply"),
        text=vault.words(told.look.key, place, message.body),
        act=None,
        reason="",
        machine=not message.human,
        minor=not message.human and message.direction is Direction.IN,
        channel=message.channel,
        seal=told.seals.get(message.entry_seq),
        erased=told.gone(message.entry_seq),
        spoken=_how(told, told.look.spoken.get(message.id)),
        party=told.parties.get(message.author_id) if message.author_id else None,
    )


def _how(told: _Told, row: Spoken | None) -> SpokenLine | None:
    if row is None:
        return None
    by_name = told.name(row.captured_by)
    return SpokenLine(
        row.message_id, by_name, row.happened_at, row.whole, row.denied_at
    )


def _brought(told: _Told, file: FileLine) -> TimelineEntry:
    return TimelineEntry(
        seq=file.entry_seq,
        at=file.at,
        who=told.who(file.author_id),
        name=told.name(file.author_id),
        kind="file",
        text="",
        act=None,
        reason="",
        machine=False,
        minor=False,
        channel=None,
        seal=told.seals.get(file.entry_seq),
        file=file,
    )


def _gap(told: _Told, seq: int, at: datetime) -> TimelineEntry:
    # Whose it was and what, nobody knows any more: only that it went, and when.
    return replace(_bare(told, seq, at, None), machine=False, erased="entry")
