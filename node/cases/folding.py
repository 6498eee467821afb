"""What happens to a case, and its row as the cache of that.

Nothing else writes where a case stands, so that the events alone say it.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.cases import MOVES, Standing, apply, fold
from ledger import entry
from node import log
from node.core import Node
from node.models.cases import Case, CaseEvent
from node.models.log import LedgerSeal

_FIELDS = tuple(field.name for field in fields(Standing))
#: So many cases are looked at in one transaction.
_PORTION = 500


@dataclass(frozen=True, slots=True)
class Differs:
    """Something a case's row or its ledger says, and its events do not."""

    reference: str
    what: str
    found: str
    expected: str


def standing(case: Case) -> Standing:
    """Return where a case stands, as its row says."""
    return Standing(**{name: getattr(case, name) for name in _FIELDS})


def next_seq(tx: Session, case: Case) -> int:
    """Return the number of a case's next event."""
    known = select(func.count()).where(CaseEvent.case_id == case.id)
    return tx.scalar(known) or 0


def happen(tx: Session, case: Case, event: CaseEvent) -> None:
    """Write down one event of a case, and where the case stands after it."""
    for name, value in asdict(apply(standing(case), event)).items():
        setattr(case, name, value)
    tx.add(event)
    tx.flush()


def verify(node: Node) -> Iterator[Differs]:
    """Compute every case again from what happened to it; yield what differs."""
    after = UUID(int=0)
    while True:
        with node.read() as tx:
            query = select(Case).where(Case.id > after).order_by(Case.id)
            cases = tx.scalars(query.limit(_PORTION)).all()
            found = list(_compared(tx, cases))
        yield from found
        if len(cases) < _PORTION:
            return
        after = cases[-1].id


def _compared(tx: Session, cases: Sequence[Case]) -> Iterator[Differs]:
    ids = [case.id for case in cases]
    rows = tx.scalars(
        select(CaseEvent)
        .where(CaseEvent.case_id.in_(ids))
        .order_by(CaseEvent.case_id, CaseEvent.seq)
    )
    events = {id_: list(own) for id_, own in groupby(rows, lambda it: it.case_id)}
    sealed = tx.execute(
        select(LedgerSeal.case_id, LedgerSeal.seq, LedgerSeal.entry).where(
            LedgerSeal.case_id.in_(ids)
        )
    )
    kinds = {(id_, seq): entry.read_entry(raw).kind for id_, seq, raw in sealed}
    gone = log.without_entries(tx, ids)
    for case in cases:
        own = events.get(case.id, [])
        yield from _row(case, own)
        yield from _moves(case, own)
        yield from _entries(case, own, kinds, gone)


def _row(case: Case, events: list[CaseEvent]) -> Iterator[Differs]:
    says, expected = asdict(standing(case)), asdict(fold(events))
    for name in _FIELDS:
        if says[name] != expected[name]:
            found = str(says[name]), str(expected[name])
            yield Differs(case.reference, name, *found)


def _moves(case: Case, events: list[CaseEvent]) -> Iterator[Differs]:
    state = None
    for number, event in enumerate(events):
        listed = MOVES.get((state, event.act))
        to = listed.to if listed else None
        if (event.seq, event.from_state, event.to_state) != (number, state, to):
            found = f"{event.from_state} {event.act} {event.to_state}"
            yield Differs(case.reference, f"event {number}", found, f"from {state}")
        state = event.to_state


def _entries(
    case: Case,
    events: list[CaseEvent],
    kinds: dict[tuple[UUID, int], str],
    gone: AbstractSet[tuple[UUID, int | None]],
) -> Iterator[Differs]:
    for event in events:
        listed = MOVES.get((event.from_state, event.act))
        if not listed:
            continue  # That is found as an event already.
        what = f"entry {event.entry_seq}"
        kind = kinds.get((case.id, event.entry_seq))
        # What was erased has no entry any more, and the tombstone names nobody.
        if kind is None and not gone & {(case.id, event.entry_seq), (case.id, None)}:
            yield Differs(case.reference, what, "none", listed.ledger)
        elif kind is not None and listed.ledger not in {kind, "tombstone"}:
            yield Differs(case.reference, what, kind, listed.ledger)
