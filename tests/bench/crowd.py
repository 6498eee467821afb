"""Looks at a full node: what they cost with ten thousand cases and with more (T9).

A year of a few hundred cases is lived through by the use cases; then these are copied
as `folkmoot generate` copies them. What is opened is an original. The ratio is of the
medians, over rounds, of the slowest of a hundred looks.

On SQLite all work is done in this process: its processor's time is what counts. A
server works in others, so there it is the clock on the wall. A set on SQLite is kept,
in `BENCH_DATA` or `bench/data`, and not filled again while the schema stands; what
was broken off goes on.
"""

import gc
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from uuid import UUID

from sqlalchemy import select

from node import assignments, cases, generate, migrate, search
from node.accounts import Visitor
from node.core import Node
from node.models.accounts import GrantRow
from node.models.cases import Case
from node.settings import Settings
from tests.bench import hostile
from tests.bench.ledger import opened
from tests.bench.rows import Row, percentile
from tests.support import servers
from tests.support.members import visitor
from tests.support.village import Village

ORIGINALS, SMALL, SEED = 300, 10_000, 1
#: Cases beyond have no entries in the ledger: with them, a million would take 47 GB.
CHAINED = 100_000
_LOOKS, _ROUNDS = 100, 5
_URL = "https://crowd.example"
_BEGINNING = 3
Looks = Mapping[str, Callable[[], object]]
_Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked at in a set: ids and words of cases that were lived through."""

    size: int
    member: str
    advocate: str
    reference: str
    common: str
    #: See `hostile.words`.
    words: Sequence[str]


def measure(folder: Path, *, large: int) -> list[Row]:
    """Measure on SQLite and on a server of its own; return the rows of both."""
    with kept(large) as (full, known), kept(SMALL) as (small, few):
        sets = looks(full, known), looks(small, few)
        name = f"SQLite, {known.size:,} cases"
        rows = compared(name, *sets, process_time)
        by = _coordinator(full)
        rows += hostile.measure(
            f"{name}, processor", full, known.words, by, process_time
        )
    with (
        servers.postgres() as url,
        opened(folder, url) as one,
        opened(folder, url) as other,
    ):
        more = filled(one, lived_through(one), large)
        few = filled(other, lived_through(other))
        sets, name = (
            (looks(one, more), looks(other, few)),
            f"PostgreSQL, {large:,} cases",
        )
        rows += compared(name, *sets, perf_counter)
        by = _coordinator(one)
        return rows + hostile.measure(
            f"{name}, wall", one, more.words, by, perf_counter
        )


@contextmanager
def kept(size: int) -> Iterator[tuple[Node, Known]]:
    """Open a set of so many cases on SQLite; what it lacks is filled in first."""
    data = Path(os.environ.get("BENCH_DATA", "bench/data"))
    at = data / f"crowd{size}-{SEED}-{_schema()}"
    named, lived = at / "known.json", at / "lived.json"
    if not lived.exists():
        shutil.rmtree(at, ignore_errors=True)
        at.mkdir(parents=True)
    # Another chance each time: no number is drawn again.
    village = Village(at, seed=int.from_bytes(os.urandom(4)))
    if lived.exists():
        folder = at / _URL.partition("//")[2]
        node = village.open(Settings(data=folder, public_url=_URL))
    else:
        node = village.found(_URL)
        lived.write_text(json.dumps([it.hex for it in lived_through(node)]))
    if not named.exists():
        known = filled(node, [UUID(it) for it in json.loads(lived.read_text())], size)
        named.write_text(json.dumps(asdict(known)))
    yield node, Known(**json.loads(named.read_text()))
    village.close()


def _schema() -> str:
    steps = Path(migrate.__file__).with_name("migrations") / "versions"
    return max(step.stem for step in steps.glob("[0-9]*.py")).partition("_")[0]


def lived_through(node: Node) -> Sequence[UUID]:
    """Live through the cases that are copied; return their ids."""
    generate.generate(node, members=20, number=ORIGINALS, seed=SEED)
    with node.read() as tx:
        return tx.scalars(select(Case.id)).all()


def filled(node: Node, lived: Collection[UUID], size: int = SMALL) -> Known:
    """Fill a node until it has so many cases: it may have some already."""
    copies = generate.Copies(node, seed=SEED, lived=lived)
    copies.grow(min(size, CHAINED))
    copies.chained = False
    copies.grow(size)
    every = [one.case for one in copies.originals]
    one = next(it for it in every if it["responsible_id"] and it["member_id"])
    common = max(copies.originals[0].story.lower().split(), key=_spread(copies))
    people = str(one["member_id"]), str(one["responsible_id"])
    said = hostile.words([one.story for one in copies.originals])
    return Known(size, *people, one["reference"], common, said)


def compared(name: str, full: Looks, small: Looks, clock: _Clock) -> list[Row]:
    """Look at both nodes by turns, so that both see the same machine."""
    # What filling them left in memory is not gone through again during a look.
    gc.freeze()
    by = "processor" if clock is process_time else "wall"
    pairs = {what: (full[what], small[what]) for what in full}
    took = {
        what: [(_took(one, clock), _took(other, clock)) for _ in range(_ROUNDS)]
        for what, (one, other) in pairs.items()
    }
    return [_row(f"{name}, {by}: {what} (T9)", rounds) for what, rounds in took.items()]


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


def looks(node: Node, known: Known) -> Looks:
    """Return what people look at; a case is one that was lived through."""
    desk, advocate = _coordinator(node), visitor(node, UUID(known.advocate))
    member, ref, common = UUID(known.member), known.reference, known.common
    return {
        "list of a member": lambda: cases.mine(node, by=visitor(node, member)),
        "desk of a coordinator": lambda: assignments.desk(node, by=desk),
        "second page of it": _second(node, desk),
        "desk of an advocate": lambda: assignments.desk(node, by=advocate),
        "what is to triage": lambda: cases.triage_next(node, by=desk),
        "one case": lambda: cases.view(node, ref, by=advocate),
        "search, a common word": lambda: search.find(node, common, by=desk),
        "search, how many words begin": lambda: search.find(
            node, common[:_BEGINNING], by=desk
        ),
        "search, one reference": lambda: search.find(node, ref, by=desk),
    }


def _coordinator(node: Node) -> Visitor:
    with node.read() as tx:
        held = select(GrantRow.person_id).where(GrantRow.role == "coordinator")
        person = tx.scalars(held).one()
    return visitor(node, person)


def _spread(crowd: generate.Copies) -> Callable[[str], int]:
    said = [one.story.lower() for one in crowd.originals]
    return lambda word: sum(word in one for one in said) if len(word) > 3 else 0


def _second(node: Node, by: Visitor) -> Callable[[], object]:
    def look() -> object:
        return assignments.desk(node, by=by, after=first.end)

    first = assignments.desk(node, by=by)
    return look


def _took(look: Callable[[], object], clock: _Clock) -> list[float]:
    def times() -> Iterator[float]:
        for _ in range(_LOOKS):
            began = clock()
            look()
            yield clock() - began

    look()
    return list(times())
