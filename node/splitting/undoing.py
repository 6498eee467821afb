"""Putting a part of a message back into the case that it came from."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.bonds import BondKind
from governance.cases import State
from governance.errors import NotFound, WrongState
from node import log, pledges
from node.accounts.visitor import Visitor
from node.cases import aside
from node.cases.hand import Hand, as_given_out, reach
from node.core import Node
from node.log import Ticket
from node.models.cases import Case
from node.models.submissions import Piece
from node.models.threads import Message
from node.models.together import CaseBond
from node.splitting.saying import TRIAGE, mine, say, tell


#: Marks a text for the catalogues; it is translated for whoever reads it.
def _(text: str) -> str:
    return text


_TOGETHER = _("It is looked after with the case that it is a part of.")


def undo(node: Node, reference: str, piece_id: UUID, *, by: Visitor) -> Ticket:
    """Put a piece back into the case it came from, while nobody has looked after it.

    It is set aside like what is no case, and its member can bring it back like that.
    Safe to ask for twice.
    """
    with node.begin(sealed=True) as tx:
        row, old, new = _ends(node, tx, reference, piece_id, by)
        if row.undone_seq is not None:
            return log.ticket(tx, old.case.id, row.undone_seq)
        _require_untouched(new)
        aside.put_aside(new, _TOGETHER)
        # What was promised for these words, is promised where they were told.
        pledges.void(tx, new.case, at=node.now())
        row.undone_by, row.undone_at = by.person_id, node.now()
        _apart(row, tx)
        chain = log.chain(node, tx, old.case.id)
        row.undone_seq = say(old, chain, "unsplit", new.case.reference)
        return tell(old, "case.unsplit", (new.case.reference,), chain.write())


def _ends(
    node: Node, tx: Session, reference: str, piece_id: UUID, by: Visitor
) -> tuple[Piece, Hand, Hand]:
    row = tx.get(Piece, piece_id)
    ids = [row.from_id, row.case_id] if row else []
    names = [tx.get_one(Case, id_).reference for id_ in ids]
    # Always locked in one order; whichever is not theirs to know of answers alike.
    wanted = sorted({as_given_out(reference), *names})
    found = {name: mine(reach(node, tx, name, by, TRIAGE)) for name in wanted}
    if row is None or as_given_out(reference) not in names:
        raise NotFound("There is no such piece here.")
    tx.refresh(row)
    return row, found[names[0]], found[names[1]]


def _require_untouched(new: Hand) -> None:
    said = select(Message.id).where(Message.case_id == new.case.id).limit(1)
    if new.case.state is not State.RECEIVED or new.tx.scalar(said) is not None:
        raise WrongState(
            "Somebody looked after this case already. Let it go along with the other "
            "one instead."
        )


def _apart(row: Piece, tx: Session) -> None:
    ends = (CaseBond.from_id == row.case_id, CaseBond.to_id == row.from_id)
    bonds = select(CaseBond).where(*ends, CaseBond.kind == BondKind.PART_OF)
    for bond in tx.scalars(bonds.where(CaseBond.undone_at.is_(None))):
        bond.undone_by, bond.undone_at = row.undone_by, row.undone_at
    tx.flush()
