"""Walls around a case: found by rule, put up, and what follows for whoever had it.

What is compared are digests only, so that two queries answer for everybody at once
and nobody's interests are opened for it.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from governance import walls as rules
from governance.walls import Cause
from node import people, vault, walls
from node.cases.hand import Hand
from node.cases.releasing import Leaving, take_back
from node.core import Node
from node.ids import new_id
from node.log import Chain
from node.models.accounts import Account
from node.models.bodies import Inquiry
from node.models.cases import Case
from node.models.notices import Notice
from node.models.parties import Party
from node.models.people import ContactPoint, Person
from node.models.walls import Interest, Wall


#: Marks a text for the catalogues; it is translated for whoever reads it.
def _(text: str) -> str:
    return text


_LEAVING = Leaving(
    reason=_("Somebody else takes this over, because of a conflict of interest."),
    note=_("The rules took this case back: whoever had it must not work on it."),
)


def digest(node: Node, name: str) -> bytes:
    """Return what a subject is looked up by, from how it is compared."""
    return node.keys.mac("interest", name.encode())


def ties(
    node: Node, tx: Session, member_id: UUID, texts: Iterable[str]
) -> dict[UUID, Cause]:
    """Return who has to do with a case: its member's contacts, and what it names."""
    mine = select(ContactPoint.digest).where(ContactPoint.person_id == member_id)
    named = {digest(node, it) for text in texts for it in rules.phrases(text)}
    declared = select(Interest.person_id).where(
        Interest.withdrawn_at.is_(None),
        Interest.digest.in_(named) | Interest.digest.in_(mine),
    )
    found = dict.fromkeys(tx.scalars(declared), Cause.INTEREST)
    # Whoever reads the member's mail or answers their telephone is of their house.
    found |= dict.fromkeys(tx.scalars(_behind(mine)), Cause.HOUSEHOLD)
    found.pop(member_id, None)
    return found


def _behind(digests: Select[bytes] | list[bytes]) -> Select[UUID]:
    return (
        select(ContactPoint.person_id)
        .join(Account, Account.person_id == ContactPoint.person_id)
        .where(ContactPoint.digest.in_(digests))
    )


def named_in(hand: Hand) -> tuple[str, ...]:
    """Return the texts of a case that name somebody or something it is about."""
    case, tx, key = hand.case, hand.tx, hand.key()
    person = tx.get_one(Person, case.member_id)
    asked = tx.scalars(select(Inquiry).where(Inquiry.case_id == case.id))
    return (
        people.name(hand.node, tx, person.id, person.display_name),
        vault.words(key, vault.Place("case", "place", case.id), case.place),
        *(vault.words(key, vault.Place("inquiry", "whom", it.id), it.whom)
          for it in asked),
    )  # fmt: skip


def look(hand: Hand, chain: Chain) -> None:
    """Put up the walls that follow from who and what a case is about."""
    found = ties(hand.node, hand.tx, hand.case.member_id, named_in(hand))
    for person in _asked(hand):
        found[person] = Cause.RESPONDENT
    found |= _parties(hand)
    found.pop(hand.case.member_id, None)
    put_up(hand.node, hand.tx, hand.case.id, found)
    let_go(hand, chain)


def party(hand: Hand, chain: Chain, person_id: UUID) -> bool:
    """Keep whoever is in a case besides its member away from the desk's side of it.

    Returns whether it was taken back from them by that.
    """
    found = dict.fromkeys(hand.tx.scalars(_reached_at(person_id)), Cause.PARTY)
    found.pop(hand.case.member_id, None)
    put_up(hand.node, hand.tx, hand.case.id, found)
    return let_go(hand, chain)


def _reached_at(person_id: UUID) -> Select[UUID]:
    mine = select(ContactPoint.digest).where(ContactPoint.person_id == person_id)
    return _behind(mine)


def _parties(hand: Hand) -> dict[UUID, Cause]:
    mine = select(Party.person_id).where(
        Party.case_id == hand.case.id, Party.agreed_at.is_not(None)
    )
    at = select(ContactPoint.digest).where(ContactPoint.person_id.in_(mine))
    return dict.fromkeys(hand.tx.scalars(_behind(at)), Cause.PARTY)


def _asked(hand: Hand) -> tuple[UUID, ...]:
    # Whoever is asked as somebody outside, by an address of theirs.
    tx, key = hand.tx, hand.key()
    rows = tx.scalars(select(Inquiry).where(Inquiry.case_id == hand.case.id))
    found = [
        people.reached(hand.node, vault.words(key, place, row.whom))
        for row in rows
        for place in [vault.Place("inquiry", "whom", row.id)]
    ]
    known = [it for it in found if it is not None]
    return tuple(tx.scalars(_behind(known))) if known else ()


def put_up(node: Node, tx: Session, case_id: UUID, found: Mapping[UUID, Cause]) -> None:
    """Put up walls that a rule found, each once; what somebody lifted stays lifted."""
    if not found:
        return
    rows = tx.execute(
        select(Wall.person_id, Wall.cause).where(
            Wall.case_id == case_id, Wall.person_id.in_(found)
        )
    )
    there = {(row.person_id, row.cause) for row in rows}
    for person, cause in found.items():
        if (person, cause) not in there:
            tx.add(wall(node, case_id, person, cause))
    tx.flush()
    forget_notices(tx, case_id, found)


def wall(node: Node, case_id: UUID, person: UUID, cause: Cause) -> Wall:
    """Return a wall that stands from now on."""
    return Wall(
        id=new_id(node),
        case_id=case_id,
        person_id=person,
        cause=cause,
        raised_at=node.now(),
        stands=True,
    )


def forget_notices(tx: Session, case_id: UUID, persons: Iterable[UUID]) -> None:
    """Let go of what was to be told them of a case, and has not left yet."""
    mine = Case.member_id == Notice.person_id
    own = select(Case.id).where(Case.id == case_id, mine).exists()
    tx.execute(
        update(Notice)
        .where(
            Notice.case_id == case_id,
            Notice.person_id.in_(list(persons)),
            Notice.sent_at.is_(None),
            ~own,
        )
        .values(secrets=None)
        .execution_options(synchronize_session=False)
    )


def let_go(hand: Hand, chain: Chain) -> bool:
    """Take a case back by rule from whoever must not know of it; say if it was so."""
    case = hand.case
    if case.responsible_id not in walls.around(hand.tx, case.id):
        return False
    return take_back(hand, chain, _LEAVING)
