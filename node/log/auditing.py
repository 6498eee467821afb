"""Auditing a log from outside: its public files, a policy of one's own, no secret.

What is wrong is a finding with a code, whatever the other side sends; nothing that
comes from there ends the audit in any other way.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

from federation.fetch import Kind
from ledger import audit, checkpoint, note, rotation, tiles, tree
from ledger.audit import Audited, Pace
from ledger.checkpoint import Checkpoint
from ledger.errors import Invalid
from ledger.note import Unchecked
from ledger.policy import Policy
from ledger.receipt import Finding
from ledger.receipt.verdict import find, unreached
from ledger.receipt.witnesses import enough, seen_by
from ledger.tiles import FULL
from node.log.audited import Found
from node.log.outside import Files, Leaves, Site

#: So many pages of a hundred checkpoints are read to tell the log's pace.
_PAGES = 20
_NONE: Mapping[str, bytes] = MappingProxyType({})


@dataclass(slots=True, kw_only=True)
class _Look:
    site: Site
    policy: Policy
    #: Checkpoints that the auditor kept, by name, and the size to go on from.
    kept: Mapping[str, bytes]
    since: int
    files: Files
    raw: bytes = b""
    signed: Unchecked = field(default_factory=lambda: Unchecked(b"", ()))
    stated: Checkpoint = field(default_factory=lambda: Checkpoint("", 0, tree.EMPTY))
    old: Audited = field(default_factory=lambda: Audited(origin=""))
    grown: audit.Findings | None = None


def look(
    site: Site, policy: Policy, kept: Mapping[str, bytes] = _NONE, since: int = 0
) -> Found:
    """Audit a log up to what it shows now, from a size it showed before.

    `kept` are its signed checkpoints from earlier, by the names that their owner gave
    them: the log must have grown from each.
    """
    with Leaves.begun() as leaves:
        files = Files(site, leaves)
        return _looked(
            _Look(site=site, policy=policy, kept=kept, since=since, files=files)
        )


def _looked(at: _Look) -> Found:
    found: list[Finding] = []
    for name, step in _BEFORE:
        found.append(find(len(found) + 1, name, partial(step, at)))
        if not found[-1].ok:
            left = [name for name, _ in _BEFORE[len(found) :]] + _LATER
            found += unreached(left, len(found) + 1)
            return Found(findings=tuple(found), origin=at.stated.origin)
    at.grown = audit.advance(at.old, at.stated, at.files)
    found += [replace(one, step=len(_BEFORE) + one.step) for one in at.grown.findings]
    if any(one.code == "not-checked" for one in at.grown.findings):
        found += unreached([name for name, _ in _AFTER], len(found) + 1)
        return Found(findings=tuple(found), origin=at.stated.origin)
    for name, step in _AFTER:
        found.append(find(len(found) + 1, name, partial(step, at)))
    return Found(
        findings=tuple(found),
        origin=at.stated.origin,
        size=at.stated.size,
        note=at.raw,
        sealed=at.grown.sealed,
        clear=at.grown.clear,
        pace=_pace(at),
    )


def _checkpoint(at: _Look) -> str:
    raw = at.site.read("checkpoint", Kind.NOTE)
    if raw is None:
        said = "checkpoint: There is no such file, so there is no log at this address."
        raise Invalid("not-published", said)
    signed = note.parse(raw)
    stated = checkpoint.parse(signed.text)
    pinned = [key for key in at.policy.logs if key.name == stated.origin]
    # Where no key that we know signed it, the log's own entries may lead to one that
    # did; they are read from the beginning only.
    known = any(line.by(key) for line in signed.lines for key in pinned)
    if known or at.since or not pinned:
        checkpoint.require_log(signed, stated.origin, pinned)
    at.raw, at.signed, at.stated = raw, signed, stated
    return f"{stated.origin} shows {stated.size} entries."


def _witnesses(at: _Look) -> str:
    return enough(at.policy, seen_by(at.signed, at.policy))


def _start(at: _Look) -> str:
    if not at.since:
        at.old = Audited(origin=at.stated.origin)
        return "It is read from its beginning."
    kept = _seen_at(at, at.since)
    at.old = audit.resume(kept, at.stated.size, at.files)
    return f"It begins with the {at.since} entries it had before."


def _seen_at(at: _Look, size: int) -> Checkpoint:
    """Return a checkpoint of this size: the auditor's own, or what the log shows."""
    for raw in [*at.kept.values(), *_page(at, size + 1)]:
        stated = checkpoint.open(raw, at.policy.logs)
        if (stated.origin, stated.size) == (at.stated.origin, size):
            return stated
    raise Invalid(
        "since-unknown",
        f"Nothing shows what this log was at size {size}. Name a checkpoint of that"
        " size with --seen, or read the log from its beginning.",
    )


def _page(at: _Look, before: int) -> list[bytes]:
    page = at.site.read(f"checkpoints?before={before}", Kind.NOTE) or b""
    parts = page.removesuffix(b"\n").split(b"\n\n")
    pairs = zip(parts[::2], parts[1::2], strict=False)
    return [text + b"\n\n" + lines + b"\n" for text, lines in pairs]


def _kept(at: _Look) -> str:
    for name, raw in at.kept.items():
        older = checkpoint.open(raw, at.policy.logs)
        if older.origin != at.stated.origin:
            said = f"{name} is a checkpoint of {older.origin}, not of this log."
            raise Invalid("log-mismatch", said)
        if older.size > at.stated.size:
            raise Invalid("rollback", "The log has fewer entries than it had before.")
        if older.size:
            _require_growth(at, older)
    return f"Checkpoints you kept, from which it has grown: {len(at.kept)}."


def _require_growth(at: _Look, older: Checkpoint) -> None:
    new = at.stated

    def read(level: int, n: int) -> bytes:
        return audit.served(at.files, level, n, new.size)

    proof = tiles.consistency(older.size, new.size, read)
    tree.verify_consistency(older.size, new.size, older.root, new.root, proof)


def _log(at: _Look) -> str:
    changes = at.files.leaves.changes
    keys = rotation.reached(at.policy.logs, at.stated.origin, changes)
    checkpoint.require_log(at.signed, at.stated.origin, keys)
    return "It is signed by a key you know, or by one that this leads to."


def _tags(at: _Look) -> str:
    twin = at.files.leaves.twin(at.old.size - at.old.size % FULL)
    if twin is not None:
        raise Invalid("twin", f"One tag stands at {twin.first} and at {twin.second}.")
    return "No tag stands twice among the entries that were read."


#: What is looked at before the entries are read; if one fails, no more is said.
_BEFORE: tuple[tuple[str, Callable[[_Look], str]], ...] = (
    ("checkpoint", _checkpoint),
    ("start", _start),
    ("kept", _kept),
)
_AFTER: tuple[tuple[str, Callable[[_Look], str]], ...] = (
    ("log", _log),
    ("witnesses", _witnesses),
    ("tags", _tags),
)
_LATER = [*audit.STEPS, *[name for name, _ in _AFTER]]


def _pace(at: _Look) -> Pace | None:
    try:
        seen = list(_published(at))
    except Invalid:
        return None  # a static host has no such pages
    return audit.cadence(seen, 1) if seen else None


def _published(at: _Look) -> Iterator[tuple[int, int]]:
    before = at.stated.size + 1
    for _ in range(_PAGES):
        sizes = [before]
        for raw in _page(at, before):
            stated = checkpoint.open(raw, at.policy.logs)
            times = [it for it in seen_by(note.parse(raw), at.policy).values() if it]
            sizes.append(stated.size)
            if times and stated.size > at.since:
                yield stated.size, min(times)
        if min(sizes) in {before, 0} or min(sizes) <= at.since:
            return
        before = min(sizes)
