"""Many chains at once, each said at one go: for who fills a node.

What a case's own transaction does row by row is done here for thousands, with the same
entries; what comes out differs in nothing.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from node.core import Node
from node.log.chains import Chain, require_epoch
from node.models.log import (
    LedgerChain,
    LedgerDisclosure,
    LedgerHead,
    LedgerOutbox,
    LedgerSeal,
)
from node.upsert import Plain, insert_plain, insert_rows

_LAST = text("SELECT seq FROM sqlite_sequence WHERE name = 'ledger_outbox'")
_DRAWN = text(
    "SELECT nextval(pg_get_serial_sequence('ledger_outbox', 'oid'))"
    " FROM generate_series(1, :count) ORDER BY 1"
)


def write(node: Node, tx: Session, chains: Sequence[Chain]) -> None:
    """Put down what was said in chains that only begin, and let it wait its turn."""
    require_epoch(node, tx.scalar(select(LedgerHead.epoch)))
    lite = tx.get_bind().dialect.name == "sqlite"
    numbers = _numbers(tx, sum(one.next_seq for one in chains), lite=lite)
    made = [one.rows(next(numbers) for _ in range(one.next_seq)) for one in chains]
    seals: list[Plain] = []
    for one, rows in zip(chains, made, strict=True):
        case_id = one.case_id.hex if lite else one.case_id
        seals += [{**row, "case_id": case_id} for row in rows.seals]
    insert_plain(tx, LedgerOutbox, [row for rows in made for row in rows.leaves])
    insert_plain(tx, LedgerSeal, seals)
    insert_plain(tx, LedgerDisclosure, [row for rows in made for row in rows.fields])
    insert_rows(tx, LedgerChain, [rows.chain for rows in made])


def _numbers(tx: Session, count: int, *, lite: bool) -> Iterator[int]:
    """Draw numbers for the queue, which nobody else ever has."""
    if lite:  # Whoever writes is alone, and what is inserted moves the last one on.
        last = tx.scalar(_LAST) or 0
        return iter(range(last + 1, last + 1 + count))
    return iter(tx.scalars(_DRAWN, {"count": count}).all())
