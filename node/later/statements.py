"""Replies in the community's name: written by one, sent once somebody else agrees.

What speaks for all of them is not one person's to say. Before a second person agrees
nothing leaves, and no promise is met.
"""

from uuid import UUID

from governance.errors import ChoiceInvalid, NotFound, NotYours, SecondPerson
from governance.later import check_asked, check_takes, check_waits
from governance.submissions import check_words
from node import drafting, notes, notices, people, texts, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, as_person, pick_up
from node.core import Node
from node.later import seconding
from node.later.leaving import depart, may_send, place
from node.later.planning import planned
from node.log import Ticket
from node.models.later import LaterReply
from node.notices import About
from node.threads import Words

_NOTICE = "statement.asked"


def ask(node: Node, reference: str, words: Words, *, by: Visitor) -> None:
    """Keep a reply in the community's name until another agrees. Safe to repeat."""
    check_words(words.text)
    if words.files:
        raise ChoiceInvalid(
            "What waits for a second person brings no files. Send them on their own.",
            field="files",
        )
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        if planned(hand, words):
            return
        author = by.person_id
        if author is None or not may_send(hand):
            raise NotYours("To reply is for the advocate who works on the case.")
        check_takes(hand.case.state)
        if words.began is None or not texts.sent_with(tx, words.began).community:
            raise ChoiceInvalid("It speaks for nobody but you.", field="template")
        row = LaterReply(
            id=words.id,
            case_id=hand.case.id,
            author_id=author,
            body=vault.seal(node, hand.key(), place(words.id), words.text),
            version=1,
            due_at=node.now(),
            text_id=words.began,
        )
        tx.add(row)
        tx.flush()
        drafting.drop(hand)
        _tell(hand, author)


def agree(node: Node, reference: str, reply_id: UUID, *, by: Visitor) -> Ticket | None:
    """Agree to a reply as the second person: it leaves now, in its author's words.

    None if it may not leave any more; then it stays at the case with the reason.
    """
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        row = _asked(hand, reply_id)
        if not seconding.may_agree(hand, row):
            raise SecondPerson("Somebody else, who does not work on it, must agree.")
        check_waits(row.end)
        check_asked(row.due_at, at=node.now())
        row.second_id = by.person_id
        return depart(as_person(hand, row.author_id), row)


def _asked(hand: Hand, reply_id: UUID) -> LaterReply:
    row = hand.tx.get(
        LaterReply, reply_id, with_for_update=True, populate_existing=True
    )
    mine = row is not None and row.case_id == hand.case.id and row.text_id is not None
    if row is None or not mine or not _knows(hand):
        raise NotFound("Nothing of this waits for a second person.")
    return row


def _knows(hand: Hand) -> bool:
    return notes.works(hand) or seconding.might_agree(hand)


def _tell(hand: Hand, author: UUID) -> None:
    node, tx, case = hand.node, hand.tx, hand.case
    link = f"{node.settings.origin}/desk/cases/{case.reference}"
    values = {"reference": case.reference, "link": link}
    for person in seconding.able(hand, author):
        point = people.mail_of(tx, person)
        if point is not None:
            notices.queue(node, tx, point, About(_NOTICE, values, case.id))
