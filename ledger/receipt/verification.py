"""Checking a receipt offline: nine findings and a level.

Every step is taken, and every outcome is a finding; a damaged file is an answer like
any other and never an exception.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from ledger import checkpoint, entry, note
from ledger.errors import Invalid
from ledger.policy import NONE, Policy
from ledger.receipt.file import Opened, Public, Receipt, read
from ledger.receipt.steps import STEPS, Look
from ledger.receipt.verdict import (
    Finding,
    Level,
    Pins,
    Verdict,
    find,
    level_of,
    unreached,
)
from ledger.receipt.witnesses import seen_by

#: Clocks that differ by more milliseconds than this are worth a remark.
APART = 10 * 60 * 1000
_FORM, _REPORT = "form", "report"


def verify(
    raw: bytes,
    policy: Policy,
    pins: Pins,
    case_key: bytes | None = None,
    leaf: bytes | None = None,
) -> Verdict:
    """Check a receipt and return the nine findings; never raises.

    Without a case key, in the receipt or given, the leaf's data must come from an entry
    bundle, and the entry's place in its chain stays unchecked.
    """
    try:
        receipt = read(raw)
    except Invalid as no:
        return _unreadable(Finding(1, _FORM, ok=False, text=no.text, code=no.code))
    look = Look(receipt, policy, pins, case_key, leaf)
    findings = [Finding(1, _FORM, ok=True, text="The file is whole and well formed.")]
    for name, step in STEPS:
        findings.append(find(len(findings) + 1, name, partial(step, look)))
    level = level_of(findings, witnessed=policy.quorum != NONE)
    findings.append(find(9, _REPORT, partial(_report, look, level)))
    return _verdict(look, level, tuple(findings))


def require(raw: bytes, policy: Policy, steps: Collection[str]) -> Receipt:
    """Take the first step and these further ones; raise at the first that fails."""
    receipt = read(raw)
    look = Look(receipt, policy, Pins(), None, None)
    for name, step in STEPS:
        if name in steps:
            step(look)
    return receipt


def _unreadable(form: Finding) -> Verdict:
    names = [*[name for name, _ in STEPS], _REPORT]
    return Verdict(findings=(form, *unreached(names, 2)))


def _report(look: Look, level: Level | None) -> str:
    if level is None:
        raise Invalid("not-checked", "What fails a step proves nothing.")
    look.not_before = _not_before(look)
    times = [at for at in look.times.values() if at]  # 0 says nothing about time
    look.not_after = min(times, default=None)
    parts = [f"It is {level.value}. {_bracket(look.not_before, look.not_after)}"]
    if _apart(look.receipt.content):
        parts.append("The author's clock and the node's were far apart.")
    return " ".join(parts)


def _apart(content: Opened | Public) -> bool:
    if isinstance(content, Public):
        return False
    return abs(content.entry.at - content.statement.ts) > APART


def _not_before(look: Look) -> int | None:
    opened = look.receipt.content
    seen = opened.statement.seen if isinstance(opened, Opened) else None
    if seen is None:
        return None
    cited = checkpoint.Checkpoint(look.receipt.stated.origin, seen.size, seen.root)
    times: list[int] = []
    for raw in look.pins.notes:
        found = note.parse(raw)
        if checkpoint.parse(found.text) == cited:
            times += seen_by(found, look.policy).values()
    return max(times, default=None)


def _bracket(not_before: int | None, not_after: int | None) -> str:
    after = "" if not_before is None else f" after {_moment(not_before)}"
    before = "" if not_after is None else f" before {_moment(not_after)}"
    if not after and not before:
        return "No witness says when."
    joined = f"{after} and{before}" if after and before else after + before
    return f"By its witnesses' clocks it was recorded{joined}."


def _moment(seconds: int) -> str:
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return f"second {seconds}"
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _verdict(look: Look, level: Level | None, findings: tuple[Finding, ...]) -> Verdict:
    content = look.receipt.content
    known = Verdict(
        findings=findings,
        level=level,
        author=look.author,
        log=look.receipt.stated.origin,
        kind=content.entry.kind,
        index=look.receipt.index,
        seq=content.entry.seq,
        at=content.entry.at,
        not_before=look.not_before,
        not_after=look.not_after,
    )
    if isinstance(content, Public):
        return known
    return replace(
        known,
        role=content.entry.role.value,
        c=entry.commit(content.raw.nonce, content.raw.e),
        ts=content.statement.ts,
        disclosed=tuple([(one.name, one.value) for one in content.disclosed]),
    )
