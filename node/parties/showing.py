"""Who is in a case, as those read it who decide; and the case, as a party reads it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance import parties as rules
from governance.access import Field, Ground
from governance.cases import Outcome, State
from governance.errors import NotFound
from governance.parties import WRITES, Role, Share, Standing
from governance.threads import OPEN
from node import files, people, vault
from node.accounts.visitor import Visitor
from node.attachments import Opened
from node.cases import partied, reads
from node.cases.hand import Hand, pick_up
from node.cases.partied import PartyLine
from node.core import Node
from node.files import FileLine
from node.models.parties import MessageCopy, Party
from node.models.submissions import Submission
from node.models.threads import Message
from node.parties.reaching import enter
from node.proofs import Asked, asked


@dataclass(frozen=True, slots=True)
class Board:
    """Everybody in a case besides its member, and what the viewer can do about it."""

    reference: str
    own: bool
    #: Whether the viewer names or proposes somebody.
    names: bool
    parties: tuple[PartyLine, ...]
    #: What a link's holder has to show before they name anybody.
    asks: Asked


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said, as a party reads it."""

    at: datetime
    name: str
    #: Whether it is their own.
    mine: bool
    text: str


@dataclass(frozen=True, slots=True)
class Where:
    """Where a case stands."""

    state: State
    outcome: Outcome | None
    responsible: str
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A case as one party sees it: what was chosen for them, and what is theirs."""

    reference: str
    role: Role
    name: str
    standing: Standing
    #: Empty before they said yes themselves.
    member: str
    fields: tuple[Share, ...]
    writes: bool
    #: None where it is not theirs to see.
    where: Where | None
    said: tuple[Line, ...]
    files: tuple[FileLine, ...]


def board(node: Node, reference: str, *, by: Visitor) -> Board:
    """Return who is in a case, to its member and to whoever works on it."""
    asks = asked(node, reference, by=by)
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        key = hand.key()
        found = Board(
            hand.case.reference,
            hand.own,
            hand.own or hand.may("case.reply"),
            tuple(partied.line(key, row) for row in partied.rows(tx, hand.case.id)),
            asks,
        )
        look = reads.of_case(hand, Field.CASE)
    reads.keep(node, look)
    return found


def see(node: Node, reference: str, *, by: Visitor) -> Seen:
    """Return a case to a party; that they read it, its member sees."""
    with node.read() as tx:
        hand, row = enter(node, tx, reference, by)
        shares = rules.visible(row, set(rules.shares(row.fields.split())))
        standing, case = rules.standing(row), hand.case
        present = standing is Standing.PRESENT
        member = people.names(node, tx, {case.member_id})[case.member_id]
        found = Seen(
            reference=case.reference,
            role=row.role,
            name=partied.name(hand.key(), row),
            standing=standing,
            member=member if present else "",
            fields=rules.shares(row.fields.split()),
            writes=present and row.role in WRITES and case.state in OPEN,
            where=_where(hand) if Share.STATE in shares else None,
            said=_said(hand, row, shares) if present else (),
            files=_files(node, tx, case.id) if Share.FILES in shares else (),
        )
        look = _look(hand, row) if present else None
    reads.keep(node, look)
    return found


def opened(node: Node, token: str) -> str:
    """Return the number of the case a party's link leads to, or refuse."""
    with node.read() as tx:
        row = partied.by_token(node, tx, token)
        if row is None:
            raise NotFound("This link does not open anything, or not any more.")
        return partied.reference(tx, row)


def file(node: Node, reference: str, file_id: UUID, *, by: Visitor) -> Opened:
    """Return one file of the case, to a party who may see its files."""
    with node.read() as tx:
        hand, row = enter(node, tx, reference, by)
        shares = rules.visible(row, set(rules.shares(row.fields.split())))
        found = None
        if Share.FILES in shares:
            found = files.opener(node, tx, hand.case.id, file_id)
        look = _look(hand, row)
    if found is None:
        raise NotFound("There is no such file here.")
    reads.keep(node, look)
    line, key = found
    return Opened(line, files.raw(node, file_id, key))


def _look(hand: Hand, row: Party) -> reads.Look:
    return reads.Look(
        person_id=row.person_id,
        field=Field.CASE,
        ground=Ground.PARTY,
        role=row.role.value,
        channel=hand.by.channel,
        case_id=hand.case.id,
    )


def _where(hand: Hand) -> Where:
    case, who = hand.case, hand.case.responsible_id
    names = people.names(hand.node, hand.tx, {who} if who else set())
    return Where(case.state, case.outcome, names[who] if who else "", case.next_due_at)


def _files(node: Node, tx: Session, case_id: UUID) -> tuple[FileLine, ...]:
    return tuple(files.lines(node, tx, case_id))


def _said(hand: Hand, row: Party, shares: frozenset[Share]) -> tuple[Line, ...]:
    tx, case, key = hand.tx, hand.case, hand.key()
    whole = Share.MESSAGES in shares
    query = select(Message).where(Message.case_id == case.id)
    if not whole:
        named = select(MessageCopy.message_id).where(MessageCopy.party_id == row.id)
        query = query.where(
            or_(Message.author_id == row.person_id, Message.id.in_(named))
        )
    messages = tx.scalars(query.order_by(Message.entry_seq)).all()
    ids = {it.author_id for it in messages if it.author_id} | {case.member_id}
    names = people.names(hand.node, tx, ids) | {
        it.person_id: partied.name(key, it) for it in partied.rows(tx, case.id)
    }
    lines = [_story(hand, names[case.member_id])] if whole else []
    for it in messages:
        place = vault.Place("message", "body", it.id)
        sender = vault.words(key, vault.Place("message", "sender", it.id), it.sender)
        who = names[it.author_id] if it.author_id else sender
        text = vault.words(key, place, it.body)
        lines.append(Line(it.sent_at, who, it.author_id == row.person_id, text))
    return tuple(lines)


def _story(hand: Hand, name: str) -> Line:
    mine = select(Submission).where(Submission.case_id == hand.case.id)
    told = hand.tx.scalars(mine.order_by(Submission.received_at).limit(1)).one()
    place = vault.Place("submission", "text", told.id)
    text = vault.words(hand.key(), place, told.text)
    return Line(told.received_at, name, mine=False, text=text)
