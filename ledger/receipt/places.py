"""A thread while it is being checked: its entries, and where they stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ledger import checkpoint, entry, note, origins
from ledger.policy import Policy
from ledger.receipt.file import Opened
from ledger.receipt.scanning import Found, Scan
from ledger.receipt.times import Bracket
from ledger.receipt.verdict import Pins, Verdict

#: So many numbers after the last are looked for in the log as well.
BEYOND = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of a thread. Of an erased one there is only what the log holds."""

    seq: int
    #: The log it stands in; empty of an entry that was erased and stands in another.
    log: str
    #: Where it stands there, and its commitment; None where nobody shows them.
    index: int | None
    c: bytes | None
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
    found: Found
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
    #: How many entries came after the note on the head, and are not here.
    later: int = 0

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
    def sides(self) -> dict[int, int]:
        """Where each number stands: 0 in this log, -1 in an earlier, 1 in a later one.

        An erased entry that is not among the leaves stands in another log if one is
        shown on its side; else it should be here. Of a log without any entry of the
        chain, both sides are.
        """
        this, known = self.stated.origin, {one.place.seq: 0 for one in self.shown}
        for one in self.shown:
            if one.place.log != this and origins.related(this, one.place.log):
                later = origins.split(one.place.log)[1] > origins.split(this)[1]
                known[one.place.seq] = 1 if later else -1
        own = {seq for seq, side in known.items() if side == 0}
        own |= self.erased & self.found.tags.keys()
        gone = {seq: _side(seq, known, own) for seq in self.erased - own - known.keys()}
        return known | gone | dict.fromkeys(own, 0)

    @property
    def unsure(self) -> set[int]:
        """Erased entries that may as well stand in an earlier log as in a later one.

        Where this log holds none of the chain, they can be on either side of it.
        """
        sides = self.sides
        if 0 in sides.values():
            return set()
        later = [one.place.seq for one in self.shown if sides[one.place.seq] > 0]
        return {
            seq
            for seq, side in sides.items()
            if side > 0 and seq in self.erased and seq < min(later, default=seq + 1)
        }

    @property
    def places(self) -> list[Place]:
        """Where the entries stand, by their numbers."""
        places = [one.place for one in self.shown]
        places += [
            Place(
                seq=seq,
                log=self.stated.origin,
                index=found[0].index,
                c=found[0].c,
                tombstone=self.found.tombstones.get(found[0].c),
            )
            for seq, found in self.found.tags.items()
            if seq in self.erased
        ]
        prev = {one.place.seq - 1: one.opened.entry.prev for one in self.shown}
        places += [
            Place(seq=seq, log="", index=None, c=prev.get(seq))
            for seq, side in self.sides.items()
            if seq in self.erased and side
        ]
        return sorted(places, key=lambda place: place.seq)


def _side(seq: int, known: Mapping[int, int], own: Collection[int]) -> int:
    """Return the side of an erased entry that is not among the leaves."""
    if own:
        side = -1 if seq < min(own) else int(seq > max(own))
        return side if side in known.values() else 0
    if any(one > seq for one, side in known.items() if side < 0):
        return -1
    return int(bool(known))
