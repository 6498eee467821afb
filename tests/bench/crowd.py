"""Looks at a full node: what they cost with ten thousand cases and with a million (T9).

A year of a few hundred cases is lived through by the use cases; then these are copied
as `folkmoot generate` copies them. What is opened is an original, with its chain.
The ratio is of the medians, over rounds, of the slowest of a hundred looks.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import select

from node import assignments, cases, generate, search
from node.accounts import Visitor
from node.core import Node
from node.models.accounts import GrantRow
from tests.bench.ledger import opened
from tests.bench.rows import Row, percentile
from tests.support import servers
from tests.support.members import visitor

ORIGINALS, SMALL = 300, 10_000
_LOOKS, _ROUNDS = 100, 5
Looks = Mapping[str, Callable[[], object]]


def measure(folder: Path, *, large: int) -> list[Row]:
    """Measure on SQLite and on a server of its own; return the rows of both."""
    rows = _engine(folder, "SQLite", "", large)
    with servers.postgres() as url:
        return rows + _engine(folder, "PostgreSQL", url, large)


def _engine(folder: Path, name: str, url: str, large: int) -> list[Row]:
    with opened(folder, url) as one, opened(folder, url) as other:
        full = looks(other, filled(other, large))
        return compared(f"{name}, {large:,} cases", full, looks(one, filled(one)))


def filled(node: Node, size: int = SMALL) -> generate.Copies:
    """Fill a node with so many cases."""
    generate.generate(node, members=20, number=ORIGINALS, seed=1)
    copies = generate.Copies(node, seed=1)
    copies.grow(size)
    return copies


def compared(name: str, full: Looks, small: Looks) -> list[Row]:
    """Look at both nodes by turns, so that both see the same machine."""
    # What filling them left in memory is not gone through again during a look.
    gc.freeze()
    took = {
        what: [(_took(full[what]), _took(small[what])) for _ in range(_ROUNDS)]
        for what in full
    }
    return [_row(f"{name}: {what} (T9)", rounds) for what, rounds in took.items()]


def _row(name: str, rounds: list[tuple[list[float], list[float]]]) -> Row:
    p99 = [percentile(one, 0.99) for one, _ in rounds]
    p50 = median(percentile(one, 0.5) for one, _ in rounds)
    return Row(
        name=name,
        unit="ms",
        value=round(1000 * p50, 2),
        against=f"the same with {SMALL:,}",
        ratio=round(median(p99) / median(percentile(it, 0.99) for _, it in rounds), 2),
        gate=2.0,
        p50=round(1000 * p50, 2),
        p99=round(1000 * median(p99), 2),
    )


def looks(node: Node, crowd: generate.Copies) -> Looks:
    """Return what people look at; a case is one that was lived through."""
    with node.read() as tx:
        held = select(GrantRow.person_id).where(GrantRow.role == "coordinator")
        coordinator = tx.scalars(held).one()
    desk = visitor(node, coordinator)
    lived = [one.case for one in crowd.originals if one.case["responsible_id"]]
    advocate = visitor(node, lived[0]["responsible_id"])
    ref = lived[0]["reference"]
    common = max(crowd.originals[0].story.lower().split(), key=_spread(crowd))
    return {
        "desk of a coordinator": lambda: assignments.desk(node, by=desk),
        "second page of it": _second(node, desk),
        "desk of an advocate": lambda: assignments.desk(node, by=advocate),
        "what is to triage": lambda: cases.triage_next(node, by=desk),
        "one case": lambda: cases.view(node, ref, by=advocate),
        "search, a common word": lambda: search.find(node, common, by=desk),
        "search, one reference": lambda: search.find(node, ref, by=desk),
    }


def _spread(crowd: generate.Copies) -> Callable[[str], int]:
    said = [one.story.lower() for one in crowd.originals]
    return lambda word: sum(word in one for one in said) if len(word) > 3 else 0


def _second(node: Node, by: Visitor) -> Callable[[], object]:
    def look() -> object:
        return assignments.desk(node, by=by, after=first.end)

    first = assignments.desk(node, by=by)
    return look


def _took(look: Callable[[], object]) -> list[float]:
    def times() -> Iterator[float]:
        for _ in range(_LOOKS):
            began = perf_counter()
            look()
            yield perf_counter() - began

    look()
    return list(times())
