"""What somebody at the desk has to do with: said by themselves, read by nobody else.

Cases that it meets are found by digests, those to come at once and those that are
there by a job; whoever declared it never learns which.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance import walls as rules
from governance.cases import State
from governance.errors import ChoiceInvalid, Denied, NotFound
from governance.submissions import check_words
from governance.walls import Cause, InterestKind
from node import governance, jobs, log, people, vault
from node.accounts.visitor import Visitor
from node.cases import conflicts
from node.cases.hand import RULE, Hand, by_rule
from node.core import Node
from node.ids import new_id
from node.models.cases import Case
from node.models.people import ContactPoint
from node.models.walls import Interest

JOB = "walls.look"
#: So many cases are looked at in one job, each in a transaction of its own.
_PORTION = 100
_OVER = (State.CLOSED, State.ERASED, State.TRANSFERRED)


@dataclass(frozen=True, slots=True)
class Declared:
    """One interest, as whoever declared it reads it."""

    id: UUID
    kind: InterestKind
    subject: str
    declared_at: datetime


def declare(node: Node, kind: InterestKind, subject: str, *, by: Visitor) -> UUID:
    """Write down what somebody has to do with; return its id. Twice is once."""
    person_id, typed = _at_the_desk(by), subject.strip()
    check_words(typed)
    found = _digest(node, typed)
    with node.begin() as tx:
        query = select(Interest.id).where(
            Interest.person_id == person_id,
            Interest.kind == kind,
            Interest.digest == found,
            Interest.withdrawn_at.is_(None),
        )
        before = tx.scalar(query)
        if before is not None:
            return before
        key, id_ = vault.key_of(node, tx, "person", person_id), new_id(node)
        if key is None:
            raise vault.Damaged("this person was erased")
        row = Interest(id=id_, person_id=person_id, kind=kind, declared_at=node.now())
        row.subject, row.digest = vault.seal(node, key, _place(id_), typed), found
        tx.add(row)
        tx.flush()
        jobs.put(node, tx, jobs.Asked(JOB, f"{id_}/{UUID(int=0)}", node.now()))
    # What they have in their hands now goes at once.
    for case_id in _at_hand(node, person_id):
        _look(node, case_id, row_digest=found, person_id=person_id)
    return id_


def _digest(node: Node, typed: str) -> bytes:
    contact = people.reached(node, typed)
    if contact is not None:
        return contact
    name = rules.name_of(typed)
    if name is None:
        raise ChoiceInvalid("Give one name or address, as short as it stands.")
    return conflicts.digest(node, name)


def _at_the_desk(by: Visitor) -> UUID:
    if by.kind != "member" or by.person_id is None or not by.grants:
        raise Denied("Interests are for those at the desk.", rules=("silence",))
    return by.person_id


def mine(node: Node, *, by: Visitor) -> tuple[Declared, ...]:
    """Return what somebody has declared, the oldest first."""
    person_id = _at_the_desk(by)
    with node.read() as tx:
        return of(node, tx, person_id)


def of(node: Node, tx: Session, person_id: UUID) -> tuple[Declared, ...]:
    """Return what a person has declared, the oldest first."""
    rows = tx.scalars(
        select(Interest)
        .where(Interest.person_id == person_id, Interest.withdrawn_at.is_(None))
        .order_by(Interest.declared_at, Interest.id)
    ).all()
    key = (vault.key_of(node, tx, "person", person_id) if rows else None) or b""
    return tuple(
        Declared(
            row.id,
            row.kind,
            vault.words(key, _place(row.id), row.subject),
            row.declared_at,
        )
        for row in rows
    )


def withdraw(node: Node, interest_id: UUID, *, by: Visitor) -> None:
    """Take an interest back, for cases to come; the walls that stand are not theirs."""
    person_id = _at_the_desk(by)
    with node.begin() as tx:
        row = tx.get(Interest, interest_id, with_for_update=True)
        if row is None or row.person_id != person_id:
            raise NotFound("You declared nothing like that.")
        if row.withdrawn_at is None:
            row.withdrawn_at = node.now()
            row.subject = b""


def look(node: Node, subject: str) -> None:
    """Look through cases that are there already for what an interest meets."""
    id_, _, after = subject.partition("/")
    with node.read() as tx:
        row = tx.get(Interest, UUID(id_))
        if row is None or row.withdrawn_at is not None:
            return
        found, person_id = row.digest, row.person_id
        ids = tx.scalars(_live().where(Case.id > UUID(after)).limit(_PORTION)).all()
    for case_id in ids:
        _look(node, case_id, row_digest=found, person_id=person_id)
    if len(ids) == _PORTION:
        with node.begin() as tx:
            jobs.put(node, tx, jobs.Asked(JOB, f"{id_}/{ids[-1]}", node.now()))


def _live() -> Select[UUID]:
    return select(Case.id).where(Case.state.not_in(_OVER)).order_by(Case.id)


def _at_hand(node: Node, person_id: UUID) -> Sequence[UUID]:
    with node.read() as tx:
        mine = _live().where(Case.responsible_id == person_id)
        return tx.scalars(mine).all()


def _look(node: Node, case_id: UUID, *, row_digest: bytes, person_id: UUID) -> None:
    with node.read() as tx:
        case = tx.get(Case, case_id)
        if case is None or case.member_id == person_id or case.state is State.ERASED:
            return
        hand = Hand(node, tx, case, RULE, governance.in_force(node, tx))
        member = _contacts(tx, hand.case.member_id)
        named = (rules.phrases(text) for text in conflicts.named_in(hand))
        met = row_digest in member or any(
            row_digest == conflicts.digest(node, name) for one in named for name in one
        )
    if not met:
        return
    with node.begin(sealed=True) as tx:
        locked = by_rule(node, tx, case_id, resting=True)
        if locked is None:
            return
        chain = log.chain(node, tx, case_id)
        conflicts.put_up(node, tx, case_id, {person_id: Cause.INTEREST})
        rests = locked.case.restricted_at is not None
        if not rests and conflicts.let_go(locked, chain):
            chain.write()


def _contacts(tx: Session, member_id: UUID) -> frozenset[bytes]:
    rows = select(ContactPoint.digest).where(ContactPoint.person_id == member_id)
    return frozenset(tx.scalars(rows))


def _place(id_: UUID) -> vault.Place:
    return vault.Place("interest", "subject", id_)
