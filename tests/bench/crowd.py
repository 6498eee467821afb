"""Looks at a full node: what they cost with ten thousand cases and with a million (T9).

A year of a few hundred cases is lived through by the use cases; then these are copied,
each copy with a key, a title, promises and words of its own, as many times as it takes.
Copies have no chains in the ledger: they are there to be passed by, and what is opened
is an original.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from node import assignments, cases, generate, search, vault
from node.accounts import Visitor
from node.core import Node
from node.ids import new_id
from node.models.accounts import GrantRow
from node.models.cases import Case
from node.models.pledges import Pledge
from node.models.submissions import Submission
from node.models.vault import ContentKey
from node.search import words
from node.search.index import index_of
from node.search.shapes import Entry
from node.upsert import insert_rows
from tests.bench.ledger import opened
from tests.bench.rows import Row, percentile
from tests.support import servers
from tests.support.members import visitor

ORIGINALS, SMALL = 300, 10_000
_LOOKS, _BATCH = 200, 5_000


@dataclass(frozen=True, slots=True)
class Original:
    """One case that was lived through, and what a copy of it is made of."""

    case: Mapping[str, Any]
    pledges: tuple[Mapping[str, Any], ...]
    title: str
    story: str


def measure(folder: Path, *, large: int) -> list[Row]:
    """Measure on SQLite and on a server of its own; return the rows of both."""
    rows = _engine(folder, "SQLite", "", large)
    with servers.postgres() as url:
        return rows + _engine(folder, "PostgreSQL", url, large)


def _engine(folder: Path, name: str, url: str, large: int) -> list[Row]:
    with opened(folder, url) as node:
        generate.generate(node, members=20, number=ORIGINALS, seed=1)
        crowd = Crowd(node)
        crowd.grow(SMALL)
        looks = _looks(node, crowd)
        before = {what: _took(look) for what, look in looks.items()}
        crowd.grow(large)
        after = {what: _took(look) for what, look in looks.items()}
    return [
        Row(
            name=f"{name}, {large:,} cases: {what} (T9)",
            unit="ms",
            value=round(1000 * percentile(after[what], 0.5), 2),
            against=f"the same with {SMALL:,}",
            ratio=round(
                percentile(after[what], 0.99) / percentile(before[what], 0.99), 2
            ),
            gate=2.0,
            p50=round(1000 * percentile(after[what], 0.5), 2),
            p99=round(1000 * percentile(after[what], 0.99), 2),
        )
        for what in looks
    ]


class Crowd:
    """A node that is filled with copies."""

    def __init__(self, node: Node) -> None:
        self.node = node
        with node.read() as tx:
            self.originals = [_original(node, tx, row) for row in tx.scalars(_EVERY)]
        self.size = len(self.originals)

    def grow(self, size: int) -> None:
        """Add copies until there are so many cases."""
        while self.size < size:
            with self.node.begin() as tx:
                some = [self._copy() for _ in range(min(_BATCH, size - self.size))]
                for model in (Case, ContentKey, Pledge):
                    insert_rows(tx, model, [row for one in some for row in one[model]])
            index = index_of(self.node)
            index.put([one[Entry] for one in some], index.place())
        if self.node.settings.database_url:
            with self.node.begin() as tx:
                tx.execute(text("ANALYZE"))

    def _copy(self) -> dict[Any, Any]:
        node, number = self.node, self.size
        self.size += 1
        original = self.originals[number % len(self.originals)]
        id_, key = new_id(node), node.dice(vault.KEY_SIZE)
        later = timedelta(milliseconds=number)
        case = {
            **original.case,
            "id": id_,
            "reference": f"C{number}",
            "title": vault.seal(
                node, key, vault.Place("case", "title", id_), original.title
            ),
            **_moved(original.case, ("received_at", "next_due_at", "closed_at"), later),
        }
        wrapped = vault.wrap(
            node.keys, node.dice, b"case\0" + id_.bytes, key, node.keys.epoch
        )
        kept = {
            "kind": "case",
            "owner": id_,
            "epoch": node.keys.epoch,
            "wrapped": wrapped,
            "created_at": node.now(),
        }
        pledges = [
            {
                **one,
                "id": new_id(node),
                "case_id": id_,
                **_moved(one, ("due_at",), later),
            }
            for one in original.pledges
        ]
        said = f"{original.story} C{number}"
        entry = Entry(id_, words.kept(original.title), words.kept(said))
        return {Case: [case], ContentKey: [kept], Pledge: pledges, Entry: entry}


_EVERY = select(Case).order_by(Case.received_at)


def _moved(
    row: Mapping[str, Any], names: tuple[str, ...], later: timedelta
) -> dict[str, Any]:
    return {name: row[name] and row[name] + later for name in names}


def _plain(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__mapper__.columns.keys()}  # noqa: SIM118


def _original(node: Node, tx: Session, case: Case) -> Original:
    key = vault.key_of(node, tx, "case", case.id) or b""
    pledges = tx.scalars(select(Pledge).where(Pledge.case_id == case.id))
    story = tx.scalars(select(Submission).where(Submission.case_id == case.id)).one()
    return Original(
        {**_plain(case), "place": None, "priority_reason": None, "rubric": None},
        tuple(_plain(one) for one in pledges),
        vault.words(key, vault.Place("case", "title", case.id), case.title),
        vault.words(key, vault.Place("submission", "text", story.id), story.text),
    )


def _looks(node: Node, crowd: Crowd) -> dict[str, Callable[[], object]]:
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


def _spread(crowd: Crowd) -> Callable[[str], int]:
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
