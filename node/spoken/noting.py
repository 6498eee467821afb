"""What was said on the telephone, face to face or on paper, in the same history.

Somebody at the desk writes it down, and it counts from then: nobody puts a call into
last week. Its member reads it like all else, and what they say never was keeps no
promise.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from governance.cases import Act, Part, State
from governance.errors import IdempotencyMismatch, NotYours
from governance.intake import Channel
from governance.submissions import check_words
from governance.threads import Direction, MessageKind, check_spoken, check_writing
from node import attesting, log, messages, pledges
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up, role_of
from node.cases.moving import Step, move
from node.core import Node
from node.ladder import telling
from node.log import Chain
from node.messages import Body, Voice
from node.models.threads import Message, Spoken, SpokenPledge
from node.threads import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A call, a letter or a talk, as somebody writes it down."""

    #: Chosen by the form or the program, so that sending twice writes once.
    id: UUID
    #: Whether the member spoke, or the desk did.
    direction: Direction
    channel: Channel
    at: datetime
    text: str
    #: Whether it is word for word, or in short.
    whole: bool = False


def note(node: Node, reference: str, heard: Heard, *, by: Visitor) -> Written:
    """Write down what was said; its member is told that it was written down."""
    check_words(heard.text)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        before = _before(hand, heard)
        if before is not None:
            return before
        if hand.own or not hand.may("case.reply"):
            raise NotYours("To write down a call is for whoever works on the case.")
        since = hand.case.received_at
        check_spoken(heard.channel, heard.at, since=since, at=node.now())
        chain = log.chain(node, tx, hand.case.id)
        theirs = heard.direction is Direction.IN
        seq = _theirs(hand, chain, heard) if theirs else _ours(hand, chain, heard)
        ticket = chain.write()
        telling.member(hand, "spoken.noted", ticket)
        return Written(seq, ticket)


def _before(hand: Hand, heard: Heard) -> Written | None:
    row = hand.tx.get(Message, heard.id)
    if row is None:
        return None
    known = hand.tx.get(Spoken, heard.id)
    mine = known is not None and known.captured_by == hand.by.person_id
    here = mine and row.case_id == hand.case.id
    if not here or not messages.same(hand.node, heard.text, row.digest):
        raise IdempotencyMismatch("Something else was sent under this number before.")
    ticket = log.ticket(hand.tx, row.case_id, row.entry_seq)
    return Written(row.entry_seq, ticket)


def _ours(hand: Hand, chain: Chain, heard: Heard) -> int:
    """Keep what the desk said: a person did, so it answers a member."""
    book = pledges.Book(hand.tx, chain, hand.case, hand.bylaws)
    open_ = [one.id for one in pledges.open_of(hand.tx, hand.case.id)]
    seq = _keep(hand, chain, heard, hand.by.person_id)
    pledges.spoken(book, MessageKind.REPLY, by=hand.by.person_id)
    did = pledges.effect(book, open_)
    row = partial(SpokenPledge, message_id=heard.id, case_id=hand.case.id)
    hand.tx.add_all(row(pledge_id=one, begun=False) for one in did.kept)
    hand.tx.add_all(row(pledge_id=one, begun=True) for one in did.begun)
    return seq


def _theirs(hand: Hand, chain: Chain, heard: Heard) -> int:
    """Keep what the member said; what waits for them goes on."""
    first = not hand.case.member_wrote_last
    seq = _keep(hand, chain, heard, hand.case.member_id)
    if hand.case.state is State.WAITING_MEMBER:
        # The member did not press it themselves: the rules say what it means.
        move(hand, chain, Step(act=Act.MEMBER_REPLIED, part=Part.RULE))
    book = pledges.Book(hand.tx, chain, hand.case, hand.bylaws)
    pledges.heard(book, first=first)
    return seq


def _keep(hand: Hand, chain: Chain, heard: Heard, author: UUID | None) -> int:
    check_writing(hand.case.state, MessageKind.REPLY, by=Part.ADVOCATE)
    log.require_writable(hand.node)
    voice = Voice(
        direction=heard.direction,
        kind=MessageKind.REPLY,
        author=author,
        channel=heard.channel,
        # Whoever wrote it down vouches for it, whoever said it.
        role=role_of(hand, Part.ADVOCATE),
        attested=attesting.attested(heard.channel),
        facts={"spoken": heard.direction.value, "at": heard.at.isoformat()},
    )
    seq = messages.keep(hand, chain, Body(id=heard.id, text=heard.text), voice)
    hand.tx.add(
        Spoken(
            message_id=heard.id,
            case_id=hand.case.id,
            captured_by=hand.by.person_id,
            happened_at=heard.at,
            whole=heard.whole,
        )
    )
    hand.tx.flush()
    return seq
