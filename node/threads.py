"""Writing to each other in a case: the member's words, and a person's answer.

A message is sealed with its case in one transaction; only a person's words to the
member meet the promise of an answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from governance.access import Sent
from governance.cases import Act, Need, Outcome, Part, State
from governance.consent import Purpose
from governance.errors import IdempotencyMismatch, NotYours, SecondPerson
from governance.intake import Channel
from governance.submissions import check_words
from governance.threads import Direction, MessageKind, check_writing
from node import (
    attachments,
    authors,
    drafting,
    files,
    log,
    messages,
    notices,
    people,
    pledges,
)
from node.accounts.visitor import Visitor
from node.cases import disclosures, links, partied
from node.cases.hand import Hand, agreed, attested, pick_up, role_of
from node.cases.moving import Step, move
from node.core import Node
from node.files import Upload
from node.log import Authored, Chain, Ticket
from node.messages import Body, Voice
from node.models.parties import Party
from node.models.threads import Message
from node.texts import versions

#: What a member's words do to a case, by where it stands.
_MOVED_BY_WORDS = {
    State.WAITING_MEMBER: Act.MEMBER_REPLIED,
    State.WAITING_OTHER: Act.MEMBER_WROTE,
}
_SAID = select(Message.case_id, Message.digest, Message.author_id, Message.entry_seq)
_NOTICES = {
    MessageKind.REPLY: "reply",
    MessageKind.QUESTION: "needs-you",
    MessageKind.RESOLUTION: "resolved",
    MessageKind.UPDATE: "reply",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A message that was written, and what to wait for."""

    seq: int
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wants to send."""

    #: Chosen by the form or the program, so that sending twice writes once.
    id: UUID
    text: str
    kind: MessageKind = MessageKind.REPLY
    #: The same, as a key of the sender's own signed it, if one did.
    authored: Authored | None = None
    #: What goes with them. Only the member's and the desk's replies bring files.
    files: tuple[Upload, ...] = field(default=(), repr=False)
    #: The version of a template that somebody began with, and may have changed.
    began: UUID | None = None
    #: Who agreed, where they are said in the community's name.
    second: UUID | None = None
    #: Parties of the case that a reply names besides its member, who always gets it.
    copies: tuple[UUID, ...] = ()


def write(node: Node, reference: str, words: Words, *, by: Visitor) -> Written:
    """Add a member's words to their case; they answer a question that is open."""
    check_words(words.text)
    with files.taken(node, words.files) as kept, node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if not hand.own:
            raise NotYours("Only its member writes here; the desk replies.")
        before = said_before(hand, words)
        if before is not None:
            return before
        chain = log.chain(node, tx, hand.case.id)
        seq = hear(hand, chain, words, kept)
        return Written(seq, chain.write())


def hear(
    hand: Hand, chain: Chain, words: Words, kept: Sequence[files.Kept] = ()
) -> int:
    """Keep the member's own words; what waits for them goes on."""
    first = not hand.case.member_wrote_last
    seq = say(hand, chain, words, Part.MEMBER)
    files.add(chain, kept, attachments.whose(hand, Part.MEMBER))
    act = _MOVED_BY_WORDS.get(hand.case.state)
    if act is not None:
        move(hand, chain, Step(act=act))
    book = pledges.Book(hand.tx, chain, hand.case, hand.bylaws)
    pledges.heard(book, first=first)
    return seq


def reply(node: Node, reference: str, words: Words, *, by: Visitor) -> Written:
    """Answer a member, as the person who works on their case."""
    check_words(words.text)
    with files.taken(node, words.files) as kept, node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = said_before(hand, words)
        if before is not None:
            return before
        if hand.own or not hand.may("case.reply"):
            raise NotYours("To reply is for the advocate who works on the case.")
        whom = partied.named(hand, words.copies)
        chain = log.chain(node, tx, hand.case.id)
        seq = say(hand, chain, words, Part.ADVOCATE)
        files.add(chain, kept, attachments.whose(hand, Part.ADVOCATE))
        drafting.drop(hand)
        ticket = _copied(hand, chain, words.id, whom)
        return Written(seq, tell(hand, words.kind, ticket))


def _copied(hand: Hand, chain: Chain, message: UUID, whom: Iterable[Party]) -> Ticket:
    partied.copy(hand, message, whom)
    for row in whom:
        left = disclosures.Left(Sent.COPY, row.role.value)
        disclosures.write(hand, chain, left)
    ticket = chain.write()
    for row in whom:
        partied.tell(hand, row, "party.copied", ticket.oid)
    return ticket


def ask(node: Node, reference: str, words: Words, *, by: Visitor) -> Written:
    """Ask the member one thing; the case then waits for them."""
    check_words(words.text)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = said_before(hand, words)
        if before is not None:
            return before
        chain = log.chain(node, tx, hand.case.id)
        part = hand.part(Act.ASK_MEMBER)
        brings = {Need.MESSAGE, Need.DATE}
        move(hand, chain, Step(act=Act.ASK_MEMBER, brings=brings))
        question = Words(words.id, words.text, MessageKind.QUESTION)
        seq = say(hand, chain, question, part)
        return Written(seq, tell(hand, question.kind, chain.write()))


def said_before(hand: Hand, words: Words | None) -> Written | None:
    """Return what became of these words when they were sent before; None if not."""
    if words is None:
        return None
    found = hand.tx.execute(_SAID.where(Message.id == words.id)).one_or_none()
    seq = authors.said_before(hand.tx, words.authored, hand.case.id)
    if found is None and seq is not None:
        there = (Message.case_id == hand.case.id, Message.entry_seq == seq)
        found = hand.tx.execute(_SAID.where(*there)).one_or_none()
    if found is None:
        return None
    same = messages.same(hand.node, words.text, found.digest)
    if not same or (found.case_id, found.author_id) != (
        hand.case.id,
        hand.by.person_id,
    ):
        raise IdempotencyMismatch("Something else was sent under this number before.")
    return Written(found.entry_seq, log.ticket(hand.tx, found.case_id, found.entry_seq))


def say(hand: Hand, chain: Chain, words: Words, part: Part) -> int:
    """Seal and keep one message."""
    case = hand.case
    along = case.outcome is Outcome.JOINED
    direction = check_writing(case.state, words.kind, by=part, joined=along)
    log.require_writable(hand.node)
    authors.pin(hand.node, hand.tx, words.authored, by=hand.by, case_id=case.id)
    voice = Voice(
        direction=direction,
        kind=words.kind,
        author=hand.by.person_id,
        channel=Channel(hand.by.channel),
        role=role_of(hand, part),
        attested=attested(hand.by),
        facts={"second": str(words.second)} if words.second else {},
    )
    body = Body(
        id=words.id,
        text=words.text,
        more=_template(hand, words),
        authored=words.authored,
        began=words.began,
    )
    seq = messages.keep(hand, chain, body, voice)
    if direction is Direction.OUT:
        book = pledges.Book(hand.tx, chain, case, hand.bylaws)
        pledges.spoken(book, words.kind, by=hand.by.person_id)
    return seq


def _template(hand: Hand, words: Words) -> dict[str, str]:
    if words.began is None:
        return {}
    begun = versions.sent_with(hand.tx, words.began)
    if begun.community and words.second is None:
        raise SecondPerson("It speaks for the community: somebody else must agree.")
    return {} if words.authored is not None else {"template": begun.digest}


def tell(hand: Hand, kind: MessageKind, ticket: Ticket) -> Ticket:
    """Tell the member what waits for them, where they agreed to be told.

    It leaves once the entry behind the ticket is in the log.
    """
    reach(hand, _NOTICES[kind], ticket.oid)
    return ticket


def reach(hand: Hand, notice: str, oid: int | None = None) -> None:
    """Tell the member of a kind of thing, where they agreed to be told."""
    node, case, tx = hand.node, hand.case, hand.tx
    point = people.mail_of(tx, case.member_id)
    if point is None or not agreed(tx, case.id, Purpose.CONTACT_CASE, at=node.now()):
        return
    link = links.first(node, tx, case.id)
    values = {
        "reference": case.reference,
        "link": f"{node.settings.origin}/c/{link}",
    }
    about = notices.About(notice, values, case.id, oid)
    notices.queue(node, tx, point, about)
