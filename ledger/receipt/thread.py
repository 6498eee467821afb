"""Checking a whole thread offline: complete, in order, and not forked.

Tags are made from the case key: whoever has it can tell that the log holds exactly
these entries of the chain and none besides, without trust in the node.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ledger import checkpoint, entry, note
from ledger.encoding import LARGEST
from ledger.errors import Invalid
from ledger.policy import NONE, Policy
from ledger.receipt.chain import STEPS
from ledger.receipt.file import Public, read
from ledger.receipt.places import Place, Shown, Thread
from ledger.receipt.scanning import Found, Scan, scan
from ledger.receipt.times import Bracket, tightened
from ledger.receipt.verdict import (
    GROWN,
    NOT_CHECKED,
    QUORUM,
    Finding,
    Level,
    Pins,
    find,
    level_of,
    unreached,
)
from ledger.receipt.verification import verify

_FORM, _REPORT = "form", "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What somebody holds of one chain."""

    receipts: Sequence[bytes]
    #: Signed; the chain is checked as it was at its size.
    checkpoint: bytes
    case_key: bytes
    #: The node's note on the chain's head.
    head: bytes | None = None
    #: The numbers of entries of which only the leaf is left.
    erased: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadVerdict:
    """What a thread proves. Trust the rest of it only where `level` is not None."""

    findings: tuple[Finding, ...]
    level: Level | None = None
    log: str = ""
    size: int = 0
    #: Every entry of the chain, in order.
    entries: tuple[Place, ...] = ()
    #: How many entries came later, where nothing is wrong but that they are not here.
    #: They are looked for a little beyond the last one: there may be more.
    later: int = 0

    @property
    def count(self) -> int:
        """How many entries the chain has at this size."""
        return len(self.entries)

    @property
    def away(self) -> int:
        """How many of them stand in another log, so that this one cannot show them."""
        return sum(one.log != self.log for one in self.entries)

    @property
    def valid(self) -> bool:
        """Whether every step holds and the reader's policy is met."""
        return all(finding.ok for finding in self.findings)


def verify_thread(
    held: Held, leaves: Iterable[bytes], policy: Policy, pins: Pins
) -> ThreadVerdict:
    """Check what is held of one chain against all leaves of its checkpoint.

    Returns nine findings and never raises because of what it was given to check. The
    leaves are read once, in order, and not kept.
    """
    try:
        thread = _opened(held, policy, pins)
        thread.found = scan(leaves, thread.stated.size, thread.wanted)
    except Invalid as no:
        form = Finding(1, _FORM, ok=False, text=no.text, code=no.code)
        names = [*[name for name, _ in STEPS], _REPORT]
        return ThreadVerdict(findings=(form, *unreached(names, 2)))
    return _judged(thread)


def _opened(held: Held, policy: Policy, pins: Pins) -> Thread:
    entry.key_commitment(held.case_key)
    if not all(0 <= seq <= LARGEST for seq in held.erased):
        raise Invalid("number", "This is not the number of an entry.")
    signed = note.parse(held.checkpoint)
    shown = [_shown(raw, policy, pins, held.case_key) for raw in held.receipts]
    return Thread(
        note=signed,
        stated=checkpoint.parse(signed.text),
        key=held.case_key,
        policy=policy,
        pins=pins,
        shown=sorted(shown, key=lambda one: one.place.seq),
        erased=held.erased,
        head=held.head,
        found=Scan(0, b""),
    )


def _shown(raw: bytes, policy: Policy, pins: Pins, key: bytes) -> Shown:
    receipt = read(raw)
    opened = receipt.content
    if isinstance(opened, Public):
        raise Invalid("not-sealed", "A clear entry belongs to no thread.")
    verdict = verify(raw, policy, pins, key)
    found = Found(receipt.index, entry.commit(opened.raw.nonce, opened.raw.e))
    place = Place(
        seq=opened.entry.seq,
        log=opened.entry.log,
        index=found.index,
        c=found.c,
        at=opened.entry.at,
        when=Bracket(verdict.not_before, verdict.not_after),
        verdict=verdict,
    )
    return Shown(opened, found, place, verdict)


def _judged(thread: Thread) -> ThreadVerdict:
    findings = [Finding(1, _FORM, ok=True, text="All files are whole and well formed.")]
    for name, step in STEPS:
        findings.append(find(len(findings) + 1, name, partial(step, thread)))
    level = level_of(findings, witnessed=thread.policy.quorum != NONE)
    places = _timed(thread)
    findings.append(find(9, _REPORT, partial(_report, thread, level, places)))
    return ThreadVerdict(
        findings=tuple(findings),
        level=level,
        log=thread.stated.origin,
        size=thread.stated.size,
        entries=tuple(places),
        later=thread.later if _only_grew(findings) else 0,
    )


def _only_grew(findings: Sequence[Finding]) -> bool:
    failed = {finding.code for finding in findings if not finding.ok}
    return failed <= {GROWN, NOT_CHECKED, QUORUM}


def _timed(thread: Thread) -> list[Place]:
    # All of them up to this log's last are in this checkpoint or were there before it,
    # so none is newer than its first witness.
    seen = min([at for at in thread.times.values() if at], default=None)
    places, sides = thread.places, thread.sides
    within = [one.when for one in places]
    until = sum(sides[one.seq] <= 0 for one in places)
    within.insert(until, Bracket(not_after=seen))
    brackets = tightened(within)
    del brackets[until]
    return [replace(one, when=when) for one, when in zip(places, brackets, strict=True)]


def _report(thread: Thread, level: Level | None, places: Sequence[Place]) -> str:
    if level is None:
        raise Invalid(NOT_CHECKED, "What fails a step proves nothing.")
    for one in places:
        if one.at is not None:
            one.when.require_at(one.at, f"entry {one.seq}")
    size, count = thread.stated.size, len(places)
    told = f"It is {level.value}. The chain has {count} entries at size {size}."
    away = sum(one.log != thread.stated.origin for one in places)
    return f"{told} {_elsewhere(away)}" if away else told


def _elsewhere(away: int) -> str:
    return (
        f"Of these, {away} stand in another log of this host: their receipts hold, but "
        "only a copy of that log shows that it has them, and no others."
    )
