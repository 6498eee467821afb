"""Who of a reader's witnesses saw a checkpoint, and whether they are enough."""

from collections.abc import Mapping

from ledger import cosignature, note
from ledger.errors import Invalid
from ledger.policy import NONE, Policy, evaluate
from ledger.receipt.verdict import QUORUM


def enough(policy: Policy, times: Mapping[str, int]) -> str:
    """Say how many witnesses saw a checkpoint, or refuse too few for the policy."""
    if policy.quorum == NONE:
        return f"You ask for no witnesses; of those you know, {len(times)} saw it."
    if not evaluate(policy, times):
        raise Invalid(QUORUM, f"Witnesses that saw it: {len(times)}; too few.")
    return f"Witnesses that saw it: {len(times)}; enough for you."


def seen_by(found: note.Unchecked, policy: Policy) -> dict[str, int]:
    """Return the policy's witnesses of a note, and when each first saw it."""
    times: dict[str, int] = {}
    for line in found.lines:
        for name, vkey in policy.witnesses.items():
            if line.by(vkey):
                at = cosignature.verify(found.text, line, vkey)
                times[name] = min(at, times.get(name, at))
    return times
