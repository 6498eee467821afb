"""Anchors: once a day, what we cosigned of others is written into our own log.

Whoever keeps one log then also has, in it, how far the others had come.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.encoding import Json, canonical
from node import log, periods
from node.core import Node
from node.models.witness import WitnessLog

JOB = "ledger.anchor"
#: As many logs as one entry tells of.
MOST = 16
#: A clear leaf has 8,192 bytes, and says more than the notes.
_ROOM = 7_600
_DAY = timedelta(days=1)
#: No time-stamping authority (RFC 3161) is asked.
_UNSTAMPED = None


def begin(node: Node) -> None:
    """Write down that today has an anchor, once."""
    with node.begin() as tx:
        _ask(node, tx)


def _ask(node: Node, tx: Session) -> None:
    today = node.now().astimezone(UTC).date()
    after = datetime.combine(today + _DAY, datetime.min.time(), UTC)
    periods.ask(node, tx, JOB, today.isoformat(), after)


def anchor(node: Node, day: str) -> None:
    """Write down the newest notes we cosigned; nothing where there are none.

    A log that was caught is left out. Safe to call twice.
    """
    following = node.now().astimezone(UTC).date().isoformat()
    with node.begin() as tx:
        if not periods.is_first(tx, JOB, day, following):
            return
        _ask(node, tx)
        notes = _notes(tx)
        if notes:
            body: dict[str, Json] = {"notes": notes, "token": _UNSTAMPED}
            log.clear(node, tx, log.Notice(kind="anchor", body=body))


def _notes(tx: Session) -> list[Json]:
    rows = select(WitnessLog.note).where(
        WitnessLog.note.is_not(None), WitnessLog.caught_at.is_(None)
    )
    found: list[Json] = []
    for raw in tx.scalars(rows.order_by(WitnessLog.origin).limit(MOST)):
        longer = [*found, (raw or b"").decode()]
        if len(canonical(longer, limit=1 << 20)) <= _ROOM:
            found = longer
    return found
