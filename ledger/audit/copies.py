"""Auditing a copy of a log's files from its first leaf on, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ledger import checkpoint, note, rotation, tiles
from ledger.audit.epochs import follows
from ledger.audit.growth import Findings, advance
from ledger.audit.state import Audited, served
from ledger.audit.tags import tags
from ledger.errors import Invalid
from ledger.policy import Policy
from ledger.receipt.verdict import find, unreached
from ledger.receipt.witnesses import enough, seen_by
from ledger.tiles import ENTRIES, FULL

_AFTER = ("log", "witnesses", "tags", "follows")


def whole(
    signed: bytes,
    files: Mapping[str, bytes],
    policy: Policy,
    before: Iterable[bytes] | None = None,
) -> Findings:
    """Read all of a log up to its signed checkpoint, and say whom it follows.

    `before` are the leaves of a copy of the log that it follows, if there is one.
    """
    told = note.parse(signed)
    stated = checkpoint.parse(told.text)
    grown = advance(Audited(origin=stated.origin), stated, files)
    step = len(grown.findings)
    if grown.reached.size != stated.size:
        more = unreached(_AFTER, step + 1)
        return replace(grown, findings=(*grown.findings, *more))
    leaves: list[bytes] = []
    for n in range(-(-stated.size // FULL)):
        leaves += tiles.unbundle(served(files, ENTRIES, n, stated.size))

    def log() -> str:
        keys = rotation.reached(policy.logs, stated.origin, leaves)
        checkpoint.require_log(told, stated.origin, keys)
        return "It is signed by a key you know, or by one that this leads to."

    def once() -> str:
        if (twin := tags(leaves, {})) is not None:
            raise Invalid("twin", f"One tag stands at {twin.first} and {twin.second}.")
        return "No tag stands twice."

    checks = (
        log,
        lambda: enough(policy, seen_by(told, policy)),
        once,
        lambda: follows(b"".join(leaves[:1]), before),
    )
    steps = zip(_AFTER, checks, strict=True)
    more = [find(n, name, check) for n, (name, check) in enumerate(steps, step + 1)]
    return replace(grown, findings=(*grown.findings, *more))
