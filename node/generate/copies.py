"""A full node: as many cases as it takes, each a copy of one that was lived through.

To live through a million cases would take days. A copy has keys, a reference, words
and dates of its own, and another advocate; it went the way its original went. Its
entries stand in the ledger, and its timers wait: it goes on as any other case.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count, islice
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from governance import cases as rules
from node import log, vault
from node.core import Node
from node.database import Model
from node.generate import originals, retelling
from node.generate.facts import Life, lives
from node.generate.originals import Original, Row
from node.ids import new_id
from node.models.accounts import GrantRow
from node.models.cases import Case, CaseLink
from node.models.log import LedgerHead
from node.models.start import Community
from node.models.submissions import Submission
from node.models.threads import Message
from node.models.vault import ContentKey
from node.search import refreshing, words
from node.search.shapes import Entry
from node.upsert import insert_bound, insert_rows

#: So many cases one commit takes in.
_BATCH = 500
#: More are never told; they are made up one after the other, as they are needed.
_PLENTY = 10**9
#: An odd number: its multiples are all different in the bits that a reference has.
_SCATTERED = 0x9E3779B1
_LINK = 12
_Say = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Copy:
    rows: Sequence[tuple[type[Model], Row]]
    key: Row
    entry: Entry
    #: Of which case it is a copy, how it differs, and what opens it.
    original: Original
    changed: retelling.Changed
    content_key: bytes


class Copies:
    """A node that is filled with copies of the cases it has.

    With `chained` set off, what is copied has no entries in the ledger: a sixth of the
    room, for measuring what never reads them. `folkmoot verify` finds each of them.

    To go on after filling was broken off, `lived` names the cases that were lived
    through: those are copied, and all others are copies already.
    """

    def __init__(self, node: Node, *, seed: int, lived: Collection[UUID] = ()) -> None:
        self.node, self.chained = node, True
        with node.read() as tx:
            self._dialect = tx.get_bind().dialect
            waiting = originals.timers(tx)
            found = select(Case).order_by(Case.received_at)
            every = tx.scalars(found.where(Case.id.in_(lived)) if lived else found)
            self.originals = [
                originals.original(node, tx, row, waiting) for row in every
            ]
            self._advocates = _advocates(tx)
            self._prefix = tx.scalars(select(Community.prefix)).one()
            self.size = tx.scalars(select(func.count()).select_from(Case)).one()
        self._epoch = node.keys.epoch
        self._clock = retelling.Clock()
        self._then = replace(node, now=lambda: self._clock.now)
        self._references = self._unlike(
            {one.case["reference"] for one in self.originals}
        )
        span, other = timedelta(days=365), seed + self.size - len(self.originals)
        self._told = lives(other, people=1, cases=_PLENTY, until=node.now(), span=span)

    def grow(self, size: int, say: _Say = lambda _: None) -> None:
        """Add copies until there are so many cases."""
        while log.sequence(self.node):
            pass  # What waited before stands before the first copy.
        while self.size < size:
            say(self.size)
            part = islice(self._told, min(_BATCH, size - self.size))
            self._keep([self._copy(life) for life in part])
        if self.node.settings.database_url:
            # The server plans by how full it is, and would learn that only later.
            with self.node.begin() as tx:
                tx.execute(text("ANALYZE"))

    def _keep(self, some: Sequence[_Copy]) -> None:
        with self.node.begin(sealed=True) as tx:
            for model in originals.ORDER:
                rows = [row for one in some for of, row in one.rows if of is model]
                insert_bound(tx, model, rows)
            insert_rows(tx, ContentKey, [one.key for one in some])
            if self.chained:
                log.write(self.node, tx, [self._chain(tx, one) for one in some])
            since = tx.scalars(select(LedgerHead.size)).one()
        while log.sequence(self.node):
            pass
        refreshing.ahead(self.node, [one.entry for one in some], since)

    def _chain(self, tx: Session, one: _Copy) -> log.Chain:
        said = one.original.said
        self._clock.now = said[0].at + one.changed.later
        chain = log.begin_chain(self._then, tx, one.entry.case_id, one.content_key)
        retelling.again(chain, self._clock, said, one.changed)
        return chain

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
            if part.model is CaseLink:
                row["id"] = node.dice(_LINK)
            rows.append((part.model, row))
        reference = rows[0][1]["reference"] = next(self._references)
        case_id = ids[original.case["id"]]
        spoken = words.kept("\n".join((reference, *said)))
        later = timedelta(milliseconds=number)
        return _Copy(
            rows=rows,
            key=self._wrapped(case_id, key),
            entry=Entry(case_id, words.kept(own["title"]), spoken),
            original=original,
            changed=retelling.Changed(ids, original.story, life.story, later),
            content_key=key,
        )

    def _unlike(self, taken: AbstractSet[str]) -> Iterator[str]:
        """Yield references, none twice: by chance a few of a million would be.

        They begin at twice the size, beyond all that was drawn on the way to it.
        """
        for number in count(2 * self.size):
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

    def _wrapped(self, case_id: UUID, key: bytes) -> Row:
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
