"""A full node: as many cases as it takes, each a copy of one that was lived through.

To live through a million cases would take days. A copy has keys, a reference, words
and dates of its own, and another advocate; it goes the way its original went. What it
has not: a chain in the ledger, links, and timers. So it can be read, listed and found,
and nothing becomes of it by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, select, text
from sqlalchemy.orm import Session

from governance import cases as rules
from node import vault
from node.core import Node
from node.database import Encrypted, Model
from node.generate.facts import Life, lives
from node.ids import new_id
from node.models.accounts import GrantRow
from node.models.assignments import Assignment
from node.models.cases import Case, CaseEvent
from node.models.consent import Consent, ConsentEvent
from node.models.pledges import Pledge
from node.models.start import Community
from node.models.submissions import Claim, Submission
from node.models.threads import Message
from node.models.vault import ContentKey
from node.search import words
from node.search.index import index_of
from node.search.shapes import Entry
from node.upsert import as_bound, insert_bound, insert_rows, table

#: So many cases one commit takes in.
_BATCH = 2_000
#: More are never told; they are made up one after the other, as they are needed.
_PLENTY = 10**9
#: What a case is made of, beside its row: in this order, for one names the other.
_OF_A_CASE: tuple[type[Model], ...] = (
    Submission, Claim, CaseEvent, Pledge, Consent, Message, Assignment,
)  # fmt: skip
_ORDER: tuple[type[Model], ...] = (Case, *_OF_A_CASE, ConsentEvent)
#: An odd number: its multiples are all different in the bits that a reference has.
_SCATTERED = 0x9E3779B1
_Row = dict[str, Any]
_Say = Callable[[int], None]


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

    def copy(self, ids: Mapping[UUID, UUID], dialect: Dialect, later: int) -> _Row:
        """Return the row with other numbers, and later by so many milliseconds."""
        found = dict(self.values)
        for name in self.moments:
            found[name] += later
        for name, old in self.ids.items():
            new = ids.get(old, old)
            found[name] = new.hex if dialect.name == "sqlite" else new
        return found

    def place(self, column: str, ids: Mapping[UUID, UUID]) -> vault.Place:
        """Return the place of a sealed cell in a row with these numbers."""
        own = self.ids["case_id" if self.model in {Claim, CaseEvent} else "id"]
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
    #: The numbers of its rows, of which a copy has others.
    own: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Copy:
    rows: Sequence[tuple[type[Model], _Row]]
    key: _Row
    entry: Entry


class Copies:
    """A node that is filled with copies of the cases it has."""

    def __init__(self, node: Node, *, seed: int) -> None:
        self.node = node
        with node.read() as tx:
            self._dialect = tx.get_bind().dialect
            every = select(Case).order_by(Case.received_at)
            self.originals = [_original(node, tx, row) for row in tx.scalars(every)]
            self._advocates = _advocates(tx)
            self._prefix = tx.scalars(select(Community.prefix)).one()
        self._epoch = node.keys.epoch
        self._references = self._unlike(
            {one.case["reference"] for one in self.originals}
        )
        self.size = len(self.originals)
        span = timedelta(days=365)
        self._told = lives(seed, people=1, cases=_PLENTY, until=node.now(), span=span)

    def grow(self, size: int, say: _Say = lambda _: None) -> None:
        """Add copies until there are so many cases."""
        while self.size < size:
            say(self.size)
            part = islice(self._told, min(_BATCH, size - self.size))
            some = [self._copy(life) for life in part]
            with self.node.begin() as tx:
                for model in _ORDER:
                    rows = [row for one in some for of, row in one.rows if of is model]
                    insert_bound(tx, model, rows)
                insert_rows(tx, ContentKey, [one.key for one in some])
            index = index_of(self.node)
            index.put([one.entry for one in some], index.place())
        if self.node.settings.database_url:
            # The server plans by how full it is, and would learn that only later.
            with self.node.begin() as tx:
                tx.execute(text("ANALYZE"))

    def _copy(self, life: Life) -> _Copy:
        node, number = self.node, self.size
        self.size += 1
        original = self.originals[number % len(self.originals)]
        key, ids = node.dice(vault.KEY_SIZE), self._ids(original, number)
        own = {"text": life.story, "title": rules.headline(life.story)}
        said, rows = [life.story], []
        for part in original.parts:
            row = part.copy(ids, self._dialect, number)
            for column, kept in part.words.items():
                told = own.get(column, kept)
                row[column] = vault.seal(node, key, part.place(column, ids), told)
                said += [kept] if part.model is Message else []
            if part.model in {Case, Submission}:
                row["language"] = life.language
            rows.append((part.model, row))
        reference = rows[0][1]["reference"] = next(self._references)
        case_id = ids[original.case["id"]]
        spoken = words.kept("\n".join((reference, *said)))
        entry = Entry(case_id, words.kept(own["title"]), spoken)
        return _Copy(rows, self._wrapped(case_id, key), entry)

    def _unlike(self, taken: AbstractSet[str]) -> Iterator[str]:
        """Yield references, none twice: by chance a few of a million would be."""
        for number in count(1):
            drawn = (number * _SCATTERED).to_bytes(16, "big")[-rules.RANDOM_BYTES :]
            found = rules.reference(self._prefix, drawn)
            if found not in taken:
                yield found

    def _ids(self, original: Original, number: int) -> dict[UUID, UUID]:
        """Return what a copy has in the place of each number of its original."""
        found = {old: new_id(self.node) for old in original.own}
        others = self._advocates
        turned = number // len(self.originals) % max(1, len(others))
        for held in {original.case["responsible_id"]} & set(others):
            found[held] = others[(others.index(held) + turned) % len(others)]
        return found

    def _wrapped(self, case_id: UUID, key: bytes) -> _Row:
        node, bound = self.node, b"case\0" + case_id.bytes
        return {
            "kind": "case",
            "owner": case_id,
            "epoch": self._epoch,
            "wrapped": vault.wrap(node.keys, node.dice, bound, key, self._epoch),
            "created_at": node.now(),
        }


def _advocates(tx: Session) -> list[UUID]:
    rows = select(GrantRow.person_id).where(GrantRow.role == "advocate").distinct()
    return sorted(tx.scalars(rows))


def _original(node: Node, tx: Session, case: Case) -> Original:
    key = vault.key_of(node, tx, "case", case.id) or b""
    parts = tuple(_part(tx, key, row) for row in _rows(tx, case))
    told = next(part for part in parts if part.model is Submission)
    return Original(
        case={name: getattr(case, name) for name in parts[0].values},
        story=told.words["text"],
        parts=parts,
        own=tuple(part.ids["id"] for part in parts if "id" in part.ids),
    )


def _rows(tx: Session, case: Case) -> Iterator[Model]:
    yield case
    for model in _OF_A_CASE:
        own = table(model).columns["case_id"] == case.id
        yield from tx.scalars(select(model).where(own))
    records = select(Consent.id).where(Consent.case_id == case.id)
    own = ConsentEvent.consent_id.in_(records)
    yield from tx.scalars(select(ConsentEvent).where(own))


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
