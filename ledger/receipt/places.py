"""A thread while it is being checked: its entries, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger import checkpoint, entry, note
from ledger.policy import Policy
from ledger.receipt.file import Opened
from ledger.receipt.scanning import Scan
from ledger.receipt.times import Bracket
from ledger.receipt.verdict import Pins, Verdict

#: So many numbers after the last are looked for in the log as well.
BEYOND = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of a thread. Of an erased one there is only what the log holds."""

    seq: int
    index: int
    c: bytes
    #: The node's clock, in milliseconds; None of an erased entry.
    at: int | None = None
    #: What witnesses' clocks leave open.
    when: Bracket = field(default_factory=Bracket)
    #: What its receipt proves; None of an erased entry.
    verdict: Verdict | None = None
    #: Where the log says that it was erased.
    tombstone: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry whose receipt is there."""

    opened: Opened
    place: Place
    verdict: Verdict


@dataclass(slots=True, kw_only=True)
class Thread:
    """One reader's look at one thread."""

    note: note.Unchecked
    stated: checkpoint.Checkpoint
    key: bytes
    policy: Policy
    pins: Pins
    #: By their numbers.
    shown: Sequence[Shown]
    erased: frozenset[int]
    head: bytes | None
    found: Scan
    times: dict[str, int] = field(default_factory=dict)

    @property
    def numbers(self) -> set[int]:
        """The numbers of the entries that there are said to be."""
        return {one.place.seq for one in self.shown} | self.erased

    @property
    def wanted(self) -> dict[bytes, int]:
        """The tags to look for, and the numbers they stand for."""
        numbers = self.numbers
        wanted = numbers.union(range(len(numbers) + BEYOND))
        return {entry.tag(self.key, seq): seq for seq in wanted}

    @property
    def places(self) -> list[Place]:
        """Where the entries stand, by their numbers."""
        places = [one.place for one in self.shown]
        places += [
            Place(
                seq=seq,
                index=found[0].index,
                c=found[0].c,
                tombstone=self.found.tombstones.get(found[0].c),
            )
            for seq, found in self.found.tags.items()
            if seq in self.erased
        ]
        return sorted(places, key=lambda place: place.seq)
