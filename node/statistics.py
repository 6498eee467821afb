"""How long people waited, once a month, in a form that an auditor can test.

Each promise is a salted row under one root. Which rows are to be shown is decided by
a checkpoint that others cosigned, so nobody could have chosen them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.pledges import PledgeState
from ledger import entry, tree
from ledger.encoding import Json, b64u, canonical
from node import log, periods
from node.core import Node
from node.insights import K
from node.models.log import LedgerSeal
from node.models.pledges import Pledge

JOB = "ledger.stats"
_SALT = 16
_HOUR = 3_600
_DAY = 24 * _HOUR
#: Seconds. What took longer than the last, or never came, has no bound.
BOUNDS = (_HOUR, 4 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY)


@dataclass(frozen=True, slots=True)
class Wait:
    """One promise: to which submission, of which kind, and how long it took."""

    c: bytes
    pledge: str
    #: In seconds; None while it is not kept.
    interval: int | None


def begin(node: Node) -> None:
    """Write down that this month is counted, once."""
    month = _month(node.now())
    with node.begin() as tx:
        periods.ask(node, tx, JOB, f"{month:%Y-%m}", _next(month))


def _month(at: datetime) -> datetime:
    day = at.astimezone(UTC)
    return day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next(month: datetime) -> datetime:
    return _month(month + timedelta(days=32))


def count(node: Node, period: str) -> None:
    """Write down how long people waited in a month. Safe to call twice."""
    month = datetime.strptime(period, "%Y-%m").replace(tzinfo=UTC)
    following = _next(month)
    with node.begin() as tx:
        if not periods.is_first(tx, JOB, period, f"{following:%Y-%m}"):
            return
        periods.ask(node, tx, JOB, f"{following:%Y-%m}", _next(following))
        waits = _waits(tx, month, following)
        rows = sorted(_row(node, wait) for wait in waits)
        root = tree.root(tree.append(tree.Edge(), map(tree.leaf_hash, rows))[0])
        body: dict[str, Json] = {
            "month": period,
            "pledges": histograms(waits),
            "rows_root": b64u(root),
            "rows": len(rows),
        }
        kept = {"rows": log.Payload(b"\n".join(rows), public=False)}
        log.clear(node, tx, log.Notice(kind="stats", body=body, payload=kept))


def _waits(tx: Session, since: datetime, until: datetime) -> list[Wait]:
    found = tx.execute(
        select(
            LedgerSeal.nonce, LedgerSeal.entry,
            Pledge.kind, Pledge.started_at, Pledge.met_at,
        )
        .join(LedgerSeal, LedgerSeal.case_id == Pledge.case_id)
        .where(
            LedgerSeal.seq == 0,
            Pledge.due_at >= since,
            Pledge.due_at < until,
            Pledge.state != PledgeState.VOID,
        )
    )  # fmt: skip
    waits = defaultdict[str, list[Wait]](list)
    for row in found:
        took = row.met_at and int((row.met_at - row.started_at).total_seconds())
        c = entry.commit(row.nonce, row.entry)
        waits[row.kind.value].append(Wait(c, row.kind.value, took))
    # A number below ten could point at a person, so such a kind is not counted.
    return [one for each in waits.values() if len(each) >= K for one in each]


def _row(node: Node, wait: Wait) -> bytes:
    return canonical(
        {
            "salt": b64u(node.dice(_SALT)),
            "c": b64u(wait.c),
            "pledge": wait.pledge,
            "interval": wait.interval,
        }
    )


def histograms(waits: Iterable[Wait]) -> dict[str, Json]:
    """Return for each kind how many took at most how many seconds, in steps.

    A step with fewer than ten is joined with the next, and the last with the one
    before. The last has no bound: it also holds what did not come.
    """
    kinds = defaultdict[str, list[int | None]](list)
    for wait in waits:
        kinds[wait.pledge].append(wait.interval)
    return {kind: _steps(took) for kind, took in sorted(kinds.items())}


def _steps(took: list[int | None]) -> list[Json]:
    steps: list[tuple[int | None, int]] = []
    counted = 0
    for bound in (*BOUNDS, None):
        within = (
            len(took)
            if bound is None
            else sum(it is not None and it <= bound for it in took)
        )
        if within - counted >= K or bound is None:
            steps.append((bound, within - counted))
            counted = within
    if len(steps) > 1 and steps[-1][1] < K:
        (_, before), (_, last) = steps[-2:]
        steps[-2:] = [(None, before + last)]
    return [[bound, number] for bound, number in steps]
