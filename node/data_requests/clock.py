"""The clock of a request: who is warned, what is missed, and when its words go."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from governance.data_requests import STAYS, State, warnings
from node import governance, jobs, log, notices, people
from node.core import Node
from node.data_requests import saying, who
from node.erasing import journal
from node.erasing.performing import perform
from node.erasing.shapes import Basis, Erasure, Level, Why
from node.ids import new_id
from node.log import Chain
from node.models.data_requests import DataRequest
from node.models.jobs import Job
from node.notices import About

#: Those responsible hear that nothing is answered yet.
WARN = "request.warn"
#: What was asked and answered goes.
FORGET = "request.forget"


def plan(node: Node, tx: Session, row: DataRequest, oid: int) -> None:
    """Write down when somebody is warned that nothing was answered."""
    asked = (
        jobs.Asked(
            WARN,
            str(row.id),
            row.received_at + after,
            oid,
            f"{WARN}/{row.id}/{after.days}",
        )
        for after in warnings(longer=row.longer is not None)
    )
    jobs.put(node, tx, *asked)


def warn(node: Node, id_: str) -> None:
    """Tell who can answer that nobody did, once each time; at the end, it is missed."""
    with node.begin(sealed=True) as tx:
        row = tx.get(DataRequest, UUID(id_), with_for_update=True)
        if row is None or row.state is not State.OPEN:
            return
        all_ = warnings(longer=row.longer is not None)
        due = sum(node.now() >= row.received_at + after for after in all_)
        if row.warned >= due:
            return
        row.warned = due
        if due < len(all_):
            who.tell(node, tx, row, "request.soon")
            return
        chain = log.chain(node, tx, row.id)
        miss(chain, row)
        oid = chain.write().oid
        who.tell(node, tx, row, "request.over")
        tell_member(node, tx, row, "request.late", oid)


def miss(chain: Chain, row: DataRequest) -> None:
    """Write down, once, that nobody answered in time; it stays so."""
    if row.missed_at is None:
        row.missed_at = chain.node.now()
        saying.promise(chain, row, "missed")


def tell_member(node: Node, tx: Session, row: DataRequest, kind: str, oid: int) -> None:
    """Tell whoever asked that there is something to read; never what."""
    point = people.mail_of(tx, row.person_id)
    if point is not None:
        values = {"link": f"{node.settings.origin}/me/data"}
        notices.queue(node, tx, point, About(kind, values, None, oid))


def kept_for(node: Node, tx: Session) -> timedelta:
    """Return how long a request stays after it was answered.

    As long as a closed case that its member wants kept: no preset has a number for it.
    """
    return timedelta(days=governance.in_force(node, tx).retention.case_closed)


def plan_end(node: Node, tx: Session, row: DataRequest, oid: int) -> None:
    """Write down when an answered request goes; a correction stays with its record."""
    if row.kind not in STAYS:
        at = node.now() + kept_for(node, tx)
        jobs.put(node, tx, jobs.Asked(FORGET, str(row.id), at, oid))


def forget(node: Node, id_: str) -> None:
    """Destroy what was asked and answered long ago. Safe to call twice."""
    with node.begin() as tx:
        row = tx.get(DataRequest, UUID(id_), with_for_update=True)
        if row is None or row.settled_at is None:
            return
        if node.now() >= row.settled_at + kept_for(node, tx):
            erase(node, tx, row, Basis.RULE)


def erase(node: Node, tx: Session, row: DataRequest, basis: Basis) -> None:
    """Destroy a request with its key, in every copy; a restore brings nothing back."""
    id_ = row.id
    whole = Erasure(id=new_id(node), at=node.now(), level=Level.CHAIN, chain=id_)
    journal.append(node, whole)
    timers = delete(Job).where(Job.kind.in_([WARN, FORGET]), Job.subject == str(id_))
    tx.execute(timers)
    perform(node, tx, whole, Why(basis))
