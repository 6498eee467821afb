"""How long the files of a closed case are kept: not as long as the case, unless asked.

A row stands while there is something to wait for. Each step writes down the next; the
worker comes back to it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import retention as rules
from governance.retention import Files, FilesDue, Plan
from governance.rules import RetentionRules
from node import jobs
from node.core import Node
from node.models.cases import Case
from node.models.files import Attachment
from node.models.retention import FileDays

JOB = "retention.files"


@dataclass(frozen=True, slots=True)
class Line:
    """The files of a closed case, as its member reads it."""

    number: int
    #: Whether they are kept as long as the case, because its member said so.
    kept: bool
    #: When they go; None where they go with the case.
    go_at: datetime | None


def begin(tx: Session, case: Case, since: datetime) -> None:
    """Begin to wait, where a case has files; again, as if nothing had been said."""
    row = tx.get(FileDays, case.id)
    if row is None and number(tx, case.id):
        row = FileDays(case_id=case.id, since=since)
        tx.add(row)
    if row is not None:
        choose(row, kept=False)
    tx.flush()


def choose(row: FileDays, *, kept: bool) -> None:
    """Write down whether files are kept for as long as their case."""
    row.kept, row.told_at = kept, None


def end(tx: Session, case_id: UUID) -> None:
    """Wait no more, as when a case is opened again, or its files are gone."""
    row = tx.get(FileDays, case_id)
    if row is not None:
        tx.delete(row)
        tx.flush()


def number(tx: Session, case_id: UUID) -> int:
    """Return how many files a case has."""
    mine = select(func.count()).where(Attachment.case_id == case_id)
    return tx.scalar(mine) or 0


def due(
    tx: Session, case_id: UUID, plan: Plan, days: RetentionRules
) -> tuple[FilesDue, datetime] | None:
    """Return what comes next for the files of a case, and when."""
    row = tx.get(FileDays, case_id)
    return rules.files_due(_as_ruled(row), plan, days) if row else None


def wait(
    node: Node, tx: Session, case_id: UUID, plan: Plan, days: RetentionRules
) -> None:
    """Write down the work of coming back to the files of a case."""
    coming = due(tx, case_id, plan, days)
    if coming is not None:
        put(node, tx, case_id, coming[1])


def put(node: Node, tx: Session, case_id: UUID, at: datetime) -> None:
    """Write down the work for one moment; once, however often."""
    key = f"{JOB}/{case_id}/{at.isoformat()}"
    jobs.put(node, tx, jobs.Asked(JOB, str(case_id), at, dedupe_key=key))


def line(
    tx: Session, case_id: UUID, plan: Plan | None, days: RetentionRules
) -> Line | None:
    """Return what becomes of the files of a closed case; None where there are none."""
    row = tx.get(FileDays, case_id)
    there = number(tx, case_id) if row and plan else 0
    if row is None or plan is None or not there:
        return None
    files = _as_ruled(row)
    goes = rules.files_due(files, plan, days) is not None
    return Line(there, row.kept, rules.files_go(files, days) if goes else None)


def _as_ruled(row: FileDays) -> Files:
    return Files(row.since, row.kept, row.told_at)
