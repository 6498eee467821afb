"""What was lived through, as far as a copy needs it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Dialect, select
from sqlalchemy.orm import Session

from governance.cases import State
from governance.pledges import PledgeState
from node import retention, vault
from node.core import Node
from node.database import Encrypted, Model
from node.generate.retelling import Said, heard
from node.models.assignments import Assignment
from node.models.cases import Case, CaseEvent, CaseLink
from node.models.consent import Consent, ConsentEvent
from node.models.jobs import Job
from node.models.pledges import ContactAttempt, Escalation, Pledge
from node.models.retention import Retention
from node.models.seconding import Seconding
from node.models.submissions import Claim, Submission
from node.models.threads import Message
from node.upsert import as_bound, table

#: What a case is made of, beside its row: in this order, for one names the other.
_OF_A_CASE: tuple[type[Model], ...] = (
    Submission, Claim, CaseEvent, CaseLink, Pledge, Escalation, ContactAttempt,
    Consent, Message, Assignment, Seconding, Retention,
)  # fmt: skip
ORDER: tuple[type[Model], ...] = (Case, *_OF_A_CASE, ConsentEvent, Job)
#: Whose sealed cells are bound to the case, because it has one of them, or by number.
_BY_CASE = frozenset({Claim, CaseEvent})
_OVER = frozenset({State.CLOSED, State.DISCARDED, State.ERASED})
_OWED = frozenset({PledgeState.RUNNING, PledgeState.PAUSED, PledgeState.OVERDUE})
Row: TypeAlias = dict[str, Any]
#: What is still to be done, by the id that it is about.
Timers: TypeAlias = Mapping[str, Sequence[Job]]


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a case that was lived through.

    Its values are as the driver takes them: that is worked out once, and not for each
    of a million copies.
    """

    model: type[Model]
    values: Mapping[str, Any]
    #: Whose numbers stand in it.
    ids: Mapping[str, UUID]
    #: Which of its values are moments.
    moments: Sequence[str]
    #: What is sealed in it, in the open.
    words: Mapping[str, str]
    #: Of a timer, what it is about.
    about: UUID | None = None

    def copy(self, ids: Mapping[UUID, UUID], dialect: Dialect, later: int) -> Row:
        """Return the row with other numbers, and later by so many milliseconds."""
        found = dict(self.values)
        for name in self.moments:
            found[name] += later
        for name, old in self.ids.items():
            new = ids.get(old, old)
            found[name] = new.hex if dialect.name == "sqlite" else new
        if self.about is not None:
            new = ids[self.about]
            for name in ("subject", "dedupe_key"):
                found[name] = found[name].replace(str(self.about), str(new))
        return found

    def place(self, column: str, ids: Mapping[UUID, UUID]) -> vault.Place:
        """Return the place of a sealed cell in a row with these numbers."""
        own = self.ids["case_id" if self.model in _BY_CASE else "id"]
        bound: object = ids.get(own, own)
        if self.model is CaseEvent:
            bound = f"{bound}/{self.values['seq']}"
        return vault.Place(table(self.model).name, column, bound)


@dataclass(frozen=True, slots=True)
class Original:
    """One case that was lived through, and what belongs to it."""

    case: Mapping[str, Any]
    story: str
    parts: tuple[Part, ...]
    #: What stands in its chain.
    said: tuple[Said, ...]
    #: The numbers of its rows, of which a copy has others.
    own: tuple[UUID, ...]


def timers(tx: Session) -> Timers:
    """Return everything that is still to be done, by what it is about."""
    found = defaultdict(list)
    waits = (Job.done_at.is_(None), Job.dead_at.is_(None))
    for job in tx.scalars(select(Job).where(*waits)):
        found[job.subject.partition("/")[0]].append(job)
    return found


def original(node: Node, tx: Session, case: Case, waiting: Timers) -> Original:
    """Read one case, all of it."""
    key = vault.key_of(node, tx, "case", case.id) or b""
    rows = list(_rows(tx, case))
    parts = [_part(tx, key, row) for row in rows]
    parts += [
        _timer(tx, about, job)
        for about in _waits(case, rows)
        for job in waiting.get(str(about), ())
        if case.state not in _OVER or job.kind == retention.JOB
    ]
    told = next(part for part in parts if part.model is Submission)
    own = [part.ids["id"] for part in parts if "id" in part.ids]
    return Original(
        case={name: getattr(case, name) for name in parts[0].values},
        story=told.words["text"],
        parts=tuple(parts),
        said=tuple(heard(tx, case.id, key)),
        own=tuple(own),
    )


def _rows(tx: Session, case: Case) -> Iterator[Model]:
    yield case
    for model in _OF_A_CASE:
        own = table(model).columns["case_id"] == case.id
        yield from tx.scalars(select(model).where(own))
    records = select(Consent.id).where(Consent.case_id == case.id)
    own = ConsentEvent.consent_id.in_(records)
    yield from tx.scalars(select(ConsentEvent).where(own))


def _waits(case: Case, rows: Collection[Model]) -> Iterator[UUID]:
    yield case.id
    for row in rows:
        if isinstance(row, Pledge) and row.state in _OWED:
            yield row.id


def _timer(tx: Session, about: UUID, job: Job) -> Part:
    # It gets a number of its own, and what it waited for is in the log.
    part = replace(_part(tx, b"", job), about=about)
    values = {name: it for name, it in part.values.items() if name != "id"}
    return replace(part, values={**values, "oid": None})


def _part(tx: Session, key: bytes, row: Model) -> Part:
    model, columns = type(row), table(type(row)).columns
    plain = {column.name: getattr(row, column.name) for column in columns}
    part = Part(
        model=model,
        values=as_bound(tx, model, plain),
        ids={name: it for name, it in plain.items() if isinstance(it, UUID)},
        moments=[name for name, it in plain.items() if isinstance(it, datetime)],
        words={},
    )
    sealed = [it.name for it in columns if isinstance(it.type, Encrypted)]
    opened = {
        name: vault.words(key, part.place(name, {}), plain[name])
        for name in sealed
        if plain[name] is not None
    }
    return replace(part, words=opened)
