"""A role that is over: ended by somebody, or by its own time.

It counts for nothing from that second on, whatever is done here. What is done here is
that no case stays with somebody who cannot open it any more.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.cases import State
from governance.errors import CasesLeft, NotFound, WrongState
from governance.grants import VERB
from node import governance, jobs, log, notices, people
from node.accounts.visitor import Visitor
from node.assignments.automatic import offer_on
from node.assignments.facts import AT_WORK
from node.cases.hand import RULE, Hand, as_person, by_rule
from node.cases.releasing import Leaving, take_back
from node.core import Node
from node.grants import writing
from node.models.accounts import GrantRow
from node.models.cases import Case
from node.notices import About


#: Marks a text for the catalogues; it is translated for whoever reads it.
def _(text: str) -> str:
    return text


#: A role is over by time.
OVER = "grant.over"
#: What whoever has a case does, and can do no more without their role.
_WORK = "case.reply"
#: Where a case has somebody who would have to hand it over.
_LIVE = tuple(state for state in AT_WORK if state is not State.RESOLVED)
_LEAVING = Leaving(
    reason=_("Somebody else takes this over: your advocate's term is over."),
    note=_("The rules took this case back: the role of whoever had it is over."),
)


def end(node: Node, grant_id: UUID, *, by: Visitor) -> None:
    """End a role before its time: its holder gives it back, or a steward ends it.

    Raises `CasesLeft` while its holder has cases that only this role opens.
    """
    with node.begin(sealed=True) as tx:
        row = tx.get(GrantRow, grant_id, with_for_update=True)
        bylaws, now = governance.in_force(node, tx), node.now()
        decides = bool(governance.reach(bylaws, by, VERB, at=now))
        if row is None or not (decides or by.is_person(row.person_id)):
            raise NotFound("There is no such role here.")
        if row.expires_at <= now:
            raise WrongState("This role is over already.")
        row.expires_at, row.ended_by = max(now, row.from_at), by.person_id
        tx.flush()
        left = len(_without_role(node, tx, row.person_id))
        if left:
            raise CasesLeft(
                "They still have cases that only this role opens: "
                f"{left}. Hand these over first.",
                count=left,
            )
        writing.ended(node, tx, row, by.person_id or row.person_id)
        # Whatever they were given at this very moment goes on, too.
        key = f"{OVER}/{row.id}/ended"
        jobs.put(node, tx, jobs.Asked(OVER, str(row.id), now, None, key))
        _tell(node, tx, row)


def over(node: Node, grant_id: str) -> None:
    """Take back by rule the cases that only this role let its holder work on."""
    with node.read() as tx:
        row = tx.get(GrantRow, UUID(grant_id))
        if row is None or row.expires_at > node.now():
            return
        found = _without_role(node, tx, row.person_id)
    for case_id in found:
        _go_on(node, case_id, row.person_id)


def _go_on(node: Node, case_id: UUID, person: UUID) -> None:
    with node.begin(sealed=True) as tx:
        hand = by_rule(node, tx, case_id)
        if hand is None or hand.case.responsible_id != person or _works(hand, person):
            return
        chain = log.chain(node, tx, case_id)
        if take_back(hand, chain, _LEAVING):
            offer_on(hand, chain)
            chain.write()


def _without_role(node: Node, tx: Session, person: UUID) -> list[UUID]:
    rows = tx.scalars(
        select(Case)
        .where(Case.responsible_id == person, Case.state.in_(_LIVE))
        .order_by(Case.id)
    ).all()
    bylaws = governance.in_force(node, tx)
    hands = (Hand(node, tx, case, RULE, bylaws) for case in rows)
    return [hand.case.id for hand in hands if not _works(hand, person)]


def _works(hand: Hand, person: UUID) -> bool:
    return as_person(hand, person).may(_WORK)


def _tell(node: Node, tx: Session, row: GrantRow) -> None:
    point = people.mail_of(tx, row.person_id)
    if point is not None:
        role = governance.in_force(node, tx).roles.get(row.role)
        values = {"role": role.title if role else row.role}
        notices.queue(node, tx, point, About("grant.ended", values))
