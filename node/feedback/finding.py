"""Whoever is asked to look at a copy reads that alone, and says what they find."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance import feedback as rules
from governance.access import Field, Ground
from governance.consent import Purpose
from governance.errors import NotFound
from ledger.entry import Role
from node import governance, vault, walls
from node.accounts.visitor import Visitor
from node.cases import reads
from node.cases.hand import Hand, agreed
from node.cases.sealing import say
from node.core import Node
from node.feedback import copying, telling
from node.feedback.reaching import findings, is_complete, of, place
from node.feedback.shapes import CopyLine, OpenedCopy
from node.log import Ticket
from node.models.cases import Case
from node.models.feedback import PeerCopy, PeerFinding

_ADVOCATE = "advocate"


def listed(node: Node, *, by: Visitor) -> tuple[CopyLine, ...]:
    """Return the copies somebody is asked to look at, those that wait first."""
    with node.read() as tx:
        rows = [row for row, _, case in _mine(tx, by) if _open(node, tx, case)]
        return tuple(
            CopyLine(row.id, row.asked_at, row.found_at is not None)
            for row in sorted(rows, key=lambda it: (bool(it.found_at), it.asked_at))
        )


def one(node: Node, id_: UUID, *, by: Visitor) -> OpenedCopy:
    """Return a copy with its words; that it was read, the member sees."""
    with node.read() as tx:
        row, copy, hand = _pick(node, tx, id_, by)
        key = hand.key()
        found = OpenedCopy(
            row.id,
            row.asked_at,
            row.found_at is not None,
            vault.words(key, place(copy.id, "text", PeerCopy), copy.text),
            vault.words(key, place(row.id, "text", PeerFinding), row.text),
        )
        look = _look(hand)
    reads.keep(node, look)
    return found


def find(node: Node, id_: UUID, text: str, *, by: Visitor) -> None:
    """Say what one finds in a copy, once."""
    with node.begin(sealed=True) as tx:
        row, _, hand = _pick(node, tx, id_, by, lock=True)
        kept = rules.check_finding(text, done=row.found_at is not None)
        where = place(row.id, "text", PeerFinding)
        row.text = vault.seal(node, hand.key(), where, kept)
        row.found_at = node.now()
        role = Role.ADVOCATE if _ADVOCATE in by.roles else Role.COORDINATOR
        ticket = say(hand, role, "feedback.find")
        _settle(hand, ticket)


def decline(node: Node, id_: UUID, *, by: Visitor) -> None:
    """Say that one cannot look at it; somebody else is asked, if there is anybody."""
    with node.begin() as tx:
        row, copy, hand = _pick(node, tx, id_, by, lock=True)
        rules.check_open(done=row.found_at is not None)
        row.declined_at = node.now()
        tx.flush()
        said = of(tx, hand.case.id)
        if said is not None:
            copying.another(hand, said, copy)
        _settle(hand, None)


def _settle(hand: Hand, ticket: Ticket | None) -> None:
    asked, said = findings(hand.tx, hand.case.id), of(hand.tx, hand.case.id)
    if said is not None and is_complete(asked):
        telling.reviewed(hand, said, ticket)


def _mine(tx: Session, by: Visitor) -> Sequence[tuple[PeerFinding, PeerCopy, Case]]:
    if by.kind != "member" or by.case_id is not None or not by.grants:
        return ()
    return [(row, copy, case) for row, copy, case in tx.execute(_asked(by))]


def _asked(by: Visitor) -> Select[PeerFinding, PeerCopy, Case]:
    return (
        select(PeerFinding, PeerCopy, Case)
        .join(PeerCopy, PeerCopy.id == PeerFinding.copy_id)
        .join(Case, Case.id == PeerFinding.case_id)
        .where(
            PeerFinding.reviewer_id.in_(walls.own_of(by)),
            PeerFinding.declined_at.is_(None),
            walls.open_to(by),
        )
    )


def _open(node: Node, tx: Session, case: Case) -> bool:
    return agreed(tx, case.id, Purpose.HANDLE_CASE, at=node.now())


def _pick(
    node: Node, tx: Session, id_: UUID, by: Visitor, *, lock: bool = False
) -> tuple[PeerFinding, PeerCopy, Hand]:
    found = next((it for it in _mine(tx, by) if it[0].id == id_), None)
    if found is not None and lock:
        tx.refresh(found[2], with_for_update=True)
        # Behind the lock it may be taken back, or a wall stands.
        found = next((it for it in _mine(tx, by) if it[0].id == id_), None)
    if found is None or not _open(node, tx, found[2]):
        raise NotFound("No such copy waits here.")
    row, copy, case = found
    if lock:
        tx.refresh(row)
    return row, copy, Hand(node, tx, case, by, governance.in_force(node, tx))


def _look(hand: Hand) -> reads.Look:
    return reads.Look(
        person_id=hand.by.person_id or UUID(int=0),
        field=Field.FEEDBACK,
        ground=Ground.OFFICE,
        role=min(hand.by.roles, default=""),
        channel=hand.by.channel,
        case_id=hand.case.id,
    )
