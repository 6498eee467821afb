"""Promises to members: made with their cause, met by people, missed in the open.

Each promise and each miss is a ledger entry, so that neither can be made or lost
afterwards.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import pledges as rules
from governance.cases import Priority, State
from governance.pledges import PledgeKind, PledgeState, Promise
from governance.rules import Bylaws
from ledger.entry import Role
from node import jobs, log
from node.core import Node
from node.ids import new_id
from node.log import Chain, Saying
from node.models.cases import Case
from node.models.pledges import Pledge
from node.upsert import insert_rows

JOB = "pledge.due"
_OVER = frozenset({State.CLOSED, State.DISCARDED, State.ERASED})
_OPEN = (PledgeState.RUNNING, PledgeState.PAUSED, PledgeState.OVERDUE)


def promises(
    bylaws: Bylaws, kinds: tuple[PledgeKind, ...], priority: Priority, *, at: datetime
) -> tuple[Promise, ...]:
    """Return what the rules promise a member from a moment on."""
    found = (rules.promise(bylaws, kind, priority, at=at) for kind in kinds)
    return tuple(promise for promise in found if promise is not None)


def say(chain: Chain, promised: Promise | Pledge, outcome: str = "promised") -> int:
    """Seal a promise, or what became of it."""
    fields = {
        "what": promised.kind.value,
        "due": promised.due_at.isoformat(),
        "outcome": outcome,
    }
    return chain.say(Saying(kind="pledge", role=Role.NODE, fields=fields))


def row(
    node: Node, case_id: UUID, promise: Promise, *, number: int = 0
) -> dict[str, object]:
    """Return the row of a promise that was just made."""
    return {
        "id": new_id(node),
        "case_id": case_id,
        "kind": promise.kind,
        "round": number,
        "need_minutes": promise.need_minutes,
        "rule": promise.rule,
        "rules": promise.rules,
        "started_at": promise.started_at,
        "due_at": promise.due_at,
        "met_at": None,
        "missed_at": None,
        "state": PledgeState.RUNNING,
    }


def timer(pledge_id: object, promise: Promise, oid: int | None = None) -> jobs.Asked:
    """Return the work of looking at a promise when it is due."""
    due = promise.due_at
    return jobs.Asked(
        JOB, str(pledge_id), due, oid, f"{JOB}/{pledge_id}/{due.isoformat()}"
    )


def promise_again(tx: Session, chain: Chain, case: Case, bylaws: Bylaws) -> None:
    """Promise a first human answer anew, when a case comes back."""
    node, priority = chain.node, case.priority or Priority.NORMAL
    kinds = (PledgeKind.FIRST_RESPONSE,)
    number = tx.scalar(
        select(func.count()).where(
            Pledge.case_id == case.id, Pledge.kind == PledgeKind.FIRST_RESPONSE
        )
    )
    for promise in promises(bylaws, kinds, priority, at=node.now()):
        fresh = row(node, case.id, promise, number=number or 0)
        insert_rows(tx, Pledge, fresh)
        say(chain, promise)
        jobs.put(node, tx, timer(fresh["id"], promise))
    refresh(tx, case)


def sooner(tx: Session, chain: Chain, case: Case, bylaws: Bylaws) -> None:
    """Promise sooner what a new priority makes sooner; never later."""
    for pledge in _open(tx, case.id):
        new = rules.repromise(pledge, bylaws, case.priority or Priority.NORMAL)
        if new is not None and pledge.rules == bylaws.identity:
            pledge.due_at, pledge.need_minutes = new.due_at, new.need_minutes
            pledge.rule = new.rule
            say(chain, new)
            jobs.put(chain.node, tx, timer(pledge.id, new))
    refresh(tx, case)


def meet(
    tx: Session, chain: Chain, case: Case, kind: PledgeKind, *, at: datetime
) -> None:
    """Write down that a promise was kept; late is late for ever."""
    for pledge in _open(tx, case.id):
        if pledge.kind is kind:
            pledge.state, pledge.met_at = rules.settle(pledge, met_at=at), at
            if pledge.state is PledgeState.MET_LATE:
                _miss(chain, pledge, at=at)
    refresh(tx, case)


def _miss(chain: Chain, pledge: Pledge, *, at: datetime) -> None:
    # Whoever is first to notice seals it: the timer, or the late answer itself.
    if pledge.missed_at is None:
        pledge.missed_at = at
        say(chain, pledge, "missed")


def void(tx: Session, case: Case, *, at: datetime) -> None:
    """Let go of what is not yet due, when a case ends without it."""
    for pledge in _open(tx, case.id):
        pledge.state = rules.void(pledge, at=at)
    refresh(tx, case)


def _open(tx: Session, case_id: UUID) -> list[Pledge]:
    return list(
        tx.scalars(
            select(Pledge)
            .where(Pledge.case_id == case_id, Pledge.state.in_(_OPEN))
            .order_by(Pledge.due_at)
            .with_for_update()
        )
    )


def refresh(tx: Session, case: Case) -> None:
    """Keep the case's next promise beside it, for lists; what is over has none."""
    tx.flush()
    due = select(func.min(Pledge.due_at)).where(
        Pledge.case_id == case.id, Pledge.state.in_(_OPEN)
    )
    case.next_due_at = None if case.state in _OVER else tx.scalar(due)
    tx.flush()


def look(node: Node, pledge_id: str) -> None:
    """See whether a promise was kept when it was due; a miss is sealed, once."""
    with node.begin(sealed=True) as tx:
        case_id = tx.scalar(select(Pledge.case_id).where(Pledge.id == UUID(pledge_id)))
        if case_id is None:
            return
        tx.execute(select(Case.id).where(Case.id == case_id).with_for_update())
        pledge = tx.get_one(Pledge, UUID(pledge_id), with_for_update=True)
        missed = rules.standing(pledge, at=node.now()) is PledgeState.OVERDUE
        if not missed or pledge.missed_at is not None or pledge.met_at is not None:
            return
        pledge.state = PledgeState.OVERDUE
        chain = log.chain(node, tx, case_id)
        _miss(chain, pledge, at=node.now())
        chain.write()
