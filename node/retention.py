"""The question what becomes of a closed case: asked when it closes, timed as a row.

Each step writes down the next; the worker comes back to it, and whoever answers
before leaves nothing for it to do.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from governance import retention as rules
from governance.cases import State
from governance.consent import Purpose, Standing
from governance.retention import Phase, Plan
from governance.rules import RetentionRules
from node import consent_rows, file_days, governance, jobs
from node.core import Node
from node.models.cases import Case
from node.models.consent import Consent
from node.models.retention import Retention
from node.models.together import CaseJoin

JOB = "retention.due"
#: A common matter is over, or is opened again: so is what went on with it.
JOINED = "retention.joined"
_OVER = (State.CLOSED, State.ERASED)
#: How many cases of before one transaction takes: nobody waits for all.
_PORTION = 200


def begin(node: Node, tx: Session, case: Case) -> None:
    """Ask the member of a case that closed what shall become of it."""
    file_days.begin(tx, case, node.now())
    keep(node, tx, case, rules.ask(node.now()))
    asked = consent_rows.Asked(
        case_id=case.id, purpose=Purpose.KEEP_AFTER_CLOSE, language=case.language
    )
    what = consent_rows.What(state=Standing.REQUESTED, at=node.now())
    consent_rows.begin(node, tx, asked, what)


def pass_on(node: Node, tx: Session, matter: Case) -> None:
    """Write down that cases which went on with one end with it, or go on again."""
    joined = select(CaseJoin.id).where(
        CaseJoin.matter_id == matter.id, CaseJoin.left_at.is_(None)
    )
    if tx.scalar(joined.limit(1)) is not None:
        now = node.now()
        key = f"{JOINED}/{matter.id}/{now.isoformat()}"
        jobs.put(node, tx, jobs.Asked(JOINED, str(matter.id), now, None, key))


def end(node: Node, tx: Session, case: Case) -> None:
    """Ask no more, as when a case is opened again."""
    row = tx.get(Retention, case.id)
    if row is not None:
        tx.delete(row)
        file_days.end(tx, case.id)
        settle(node, tx, case, Standing.EXPIRED)
        tx.flush()


def settle(node: Node, tx: Session, case: Case, how: Standing) -> None:
    """End what was asked or agreed to about keeping a case."""
    query = select(Consent).where(
        Consent.case_id == case.id,
        Consent.purpose == Purpose.KEEP_AFTER_CLOSE,
        Consent.state.in_([Standing.REQUESTED, Standing.GIVEN, Standing.RENEWED]),
    )
    for row in tx.scalars(query).all():
        asked = row.state is Standing.REQUESTED
        state = how if asked or how is not Standing.REFUSED else Standing.WITHDRAWN
        what = consent_rows.What(state=state, at=node.now(), by=case.member_id)
        consent_rows.mark(tx, row, what)


def plan(row: Retention) -> Plan:
    """Return where the question stands, as the rules see it."""
    return Plan(row.phase, row.since, row.reminders, row.reminded_at)


def keep(node: Node, tx: Session, case: Case, now: Plan) -> Retention:
    """Write down where the question stands, and the work of coming back to it."""
    row = tx.get(Retention, case.id) or Retention(case_id=case.id)
    row.phase, row.since = now.phase, now.since
    row.reminders, row.reminded_at = now.reminders, now.reminded_at
    coming = rules.due(now, days(node, tx))
    row.due_at = coming[1] if coming else None
    tx.add(row)
    tx.flush()
    if row.due_at is not None:
        at = row.due_at
        key = f"{JOB}/{case.id}/{at.isoformat()}"
        jobs.put(node, tx, jobs.Asked(JOB, str(case.id), at, dedupe_key=key))
    file_days.wait(node, tx, case.id, now, days(node, tx))
    return row


def days(node: Node, tx: Session) -> RetentionRules:
    """Return what the rules in force say about keeping."""
    return governance.in_force(node, tx).retention


def catch_up(node: Node) -> None:
    """Ask about every case that is over and was not asked about."""
    while _catch_up_some(node):
        pass


def joined(node: Node, matter_id: str) -> None:
    """Ask about the cases that went on with one, or no more. Safe to call twice."""
    theirs = select(CaseJoin.case_id).where(
        CaseJoin.matter_id == UUID(matter_id), CaseJoin.left_at.is_(None)
    )
    while _catch_up_some(node, Case.id.in_(theirs)):
        pass
    while _stop_some(node, Case.id.in_(theirs)):
        pass


def _goes_on() -> ColumnElement[bool]:
    # What goes on with others is over when they are.
    matter = aliased(Case)
    return (
        exists()
        .where(CaseJoin.case_id == Case.id, CaseJoin.left_at.is_(None))
        .where(matter.id == CaseJoin.matter_id, matter.state.not_in(_OVER))
        .correlate(Case)
    )


def _stop_some(node: Node, which: ColumnElement[bool]) -> bool:
    asked = (
        select(Case)
        .join(Retention, Retention.case_id == Case.id)
        .where(Case.state == State.CLOSED, _goes_on(), which)
        .limit(_PORTION)
    )
    with node.begin() as tx:
        found = tx.scalars(asked.with_for_update(of=Case)).all()
        for case in found:
            end(node, tx, case)
    return bool(found)


def _catch_up_some(node: Node, *which: ColumnElement[bool]) -> bool:
    missing = (
        select(Case)
        .outerjoin(Retention, Retention.case_id == Case.id)
        .where(Case.state == State.CLOSED, Retention.case_id.is_(None), ~_goes_on())
        .where(*which)
        .limit(_PORTION)
    )
    with node.read() as tx:
        if tx.execute(missing.limit(1)).first() is None:
            return False
    with node.begin() as tx:
        for case in tx.scalars(missing.with_for_update(of=Case)).all():
            begin(node, tx, case)
    return True


def is_over(row: Retention | None) -> bool:
    """Say whether nothing is left to choose about."""
    return row is None or row.phase is Phase.OVER
