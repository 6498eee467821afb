"""The second person: somebody else who holds the same right looks at it, too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance import cases as rules
from governance.cases import Act, Outcome
from governance.errors import NotFound, SecondPerson
from node import governance, vault
from node.cases.hand import Hand
from node.core import once
from node.ids import new_id
from node.models.seconding import Seconding


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What somebody wants to do, or did, and a second person has to look at."""

    id: UUID
    act: Act
    outcome: Outcome | None
    by_id: UUID
    by_name: str
    at: datetime
    #: What the member will read.
    words: str
    #: Whether the viewer can be the second person.
    yours: bool


def ask(
    hand: Hand, act: Act, *, outcome: Outcome | None = None, words: str = ""
) -> Seconding:
    """Write down that a second person has to look at this."""
    node, tx = hand.node, hand.tx
    if hand.by.person_id is None:
        raise SecondPerson("Only somebody with a name can ask a second person.")
    id_ = new_id(node)
    place = vault.Place("seconding", "words", id_)
    row = Seconding(
        id=id_,
        case_id=hand.case.id,
        act=act,
        outcome=outcome,
        asked_by=hand.by.person_id,
        asked_at=node.now(),
        words=vault.seal(node, hand.key(), place, words) if words else None,
    )
    tx.add(row)
    tx.flush()
    return row


def waiting(hand: Hand) -> tuple[Seconding, ...]:
    """Return what waits for a second person on this case, the oldest first."""
    tx, case_id = hand.tx, hand.case.id
    asked = ("seconding", case_id)
    return once(tx, asked, lambda: tuple(tx.scalars(_open(case_id))))


def _open(case_id: UUID) -> Select[Seconding]:
    return (
        select(Seconding)
        .where(Seconding.case_id == case_id, Seconding.ended_at.is_(None))
        .order_by(Seconding.asked_at, Seconding.id)
    )


def may_second(hand: Hand, row: Seconding) -> bool:
    """Say whether the visitor can be the second person for this."""
    return could_agree(hand, rules.verb(row.act), asked_by=row.asked_by)


def could_agree(hand: Hand, verb: str, *, asked_by: UUID) -> bool:
    """Say whether the visitor holds a right, and is another than those at work."""
    me = hand.by.person_id
    if me is None or me in {asked_by, hand.case.responsible_id} or hand.own:
        return False
    who, at = governance.subject(hand.by), hand.node.now()
    return governance.may_with_another(hand.bylaws, who, verb, hand.what, at=at)


def pick(hand: Hand, id_: UUID) -> Seconding:
    """Return what waits for a second person, if the visitor can be that; or refuse."""
    row = next((one for one in waiting(hand) if one.id == id_), None)
    if row is None:
        raise NotFound("Nothing of this waits for a second person any more.")
    if not may_second(hand, row):
        raise SecondPerson("Somebody else, who does not work on it, must agree.")
    return row


def settle(hand: Hand, row: Seconding, *, agreed: bool) -> None:
    """Write down what the second person said."""
    row.second_id, row.ended_at = hand.by.person_id, hand.node.now()
    row.agreed = agreed
    hand.tx.flush()


def lapse(tx: Session, case_id: UUID, acts: Iterable[Act], *, at: datetime) -> None:
    """Let go of what nobody needs to look at any more."""
    for row in tx.scalars(_open(case_id)):
        if row.act in set(acts):
            row.ended_at = at
    tx.flush()


def shown(hand: Hand, names: Mapping[UUID, str]) -> tuple[Proposed, ...]:
    """Return what waits for a second person, for whoever may know of it."""
    return tuple(
        Proposed(
            id=row.id,
            act=row.act,
            outcome=row.outcome,
            by_id=row.asked_by,
            by_name=names.get(row.asked_by, ""),
            at=row.asked_at,
            words=words_of(hand, row),
            yours=may_second(hand, row),
        )
        for row in waiting(hand)
    )


def words_of(hand: Hand, row: Seconding) -> str:
    """Return what the member will read."""
    return vault.words(hand.key(), vault.Place("seconding", "words", row.id), row.words)
