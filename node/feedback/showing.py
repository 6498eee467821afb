"""What was said about a case, for whoever reads it; their reads are written down."""

from collections.abc import Sequence
from uuid import UUID

from governance import feedback as rules
from governance.access import Field, Ground
from governance.errors import NotFound
from node import people, vault
from node.accounts.visitor import Visitor
from node.cases import reads
from node.cases.hand import Hand
from node.core import Node
from node.feedback.reaching import (
    at_hand,
    copy_of,
    findings,
    handled,
    is_complete,
    is_reviewed,
    of,
    own,
    part,
    place,
)
from node.feedback.shapes import Board, Opinion, Review
from node.models.feedback import Feedback, PeerCopy, PeerFinding


def show(node: Node, reference: str, *, by: Visitor) -> Board:
    """Return what was said about a case, and what the viewer can do about it."""
    try:
        with node.read() as tx:
            hand, row = at_hand(node, tx, reference, by)
            found, look = _board(hand, row), _look(hand, row)
    except NotFound:
        reads.missed(node, Field.FEEDBACK, by=by)
        raise
    reads.keep(node, look)
    return found


def of_member(node: Node, reference: str, *, by: Visitor) -> Opinion | None:
    """Return what a member said about their own case, if they did."""
    with node.read() as tx:
        hand = own(node, tx, reference, by, lock=False)
        row = of(tx, hand.case.id)
        return _opinion(hand, row) if row is not None else None


def _board(hand: Hand, row: Feedback | None) -> Board:
    mine, where = part(hand, row), handled(hand) if hand.own else None
    answers = row is not None and rules.may_answer(
        nobody=row.about_id is None, answered=row.answered_at is not None, **mine
    )
    said = _opinion(hand, row) if row is not None else None
    copied = said is not None and said.copied_at is not None
    asked = findings(hand.tx, hand.case.id) if copied else ()
    reviewed = is_reviewed(asked)
    return Board(
        reference=hand.case.reference,
        own=hand.own,
        said=said,
        about=_name(hand, where.by if where else None),
        says=where is not None and rules.may_say(over=where.over, reviewed=reviewed),
        takes_back=hand.own and row is not None and not reviewed,
        answers=answers,
        copies=said is not None and rules.may_copy(copied=copied, **mine),
        review=_review(hand, asked) if asked and not hand.own else None,
    )


def _review(hand: Hand, asked: Sequence[PeerFinding]) -> Review:
    key, done = hand.key(), is_complete(asked)
    found = [row for row in asked if row.found_at is not None]
    words = tuple(
        vault.words(key, place(row.id, "text", PeerFinding), row.text) for row in found
    )
    looks = sum(row.declined_at is None for row in asked)
    return Review(looks, len(found), done, words if done else ())


def _opinion(hand: Hand, row: Feedback) -> Opinion:
    key, copy = hand.key(), copy_of(hand.tx, hand.case.id)
    return Opinion(
        rating=int(vault.words(key, place(row.id, "rating"), row.rating)),
        text=vault.words(key, place(row.id, "text"), row.text),
        given_at=row.given_at,
        about=_name(hand, row.about_id),
        answer=vault.words(key, place(row.id, "answer"), row.answer),
        answered_by=_name(hand, row.answered_by),
        answered_at=row.answered_at,
        copy=vault.words(key, place(copy.id, "text", PeerCopy), copy.text)
        if copy is not None
        else "",
        copied_at=copy.prepared_at if copy is not None else None,
    )


def _name(hand: Hand, who: UUID | None) -> str:
    return people.names(hand.node, hand.tx, {who}).get(who, "") if who else ""


def _look(hand: Hand, row: Feedback | None) -> reads.Look | None:
    """Return what is to be written down; nothing where nothing was read."""
    if row is None or hand.own or hand.by.person_id is None:
        return None
    about = part(hand, row)["about"]
    return reads.Look(
        person_id=hand.by.person_id,
        field=Field.FEEDBACK,
        ground=Ground.ASSIGNED if about else Ground.OFFICE,
        role=reads.as_what(hand, "case.read") or min(hand.by.roles, default=""),
        channel=hand.by.channel,
        case_id=hand.case.id,
    )
