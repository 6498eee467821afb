"""The steps of checking a thread (ledger document, 5.3), from the second on.

A step either returns a sentence about what holds, or raises `Invalid` with one about
what does not.
"""

from collections.abc import Callable
from itertools import pairwise

from ledger import checkpoint, entry, rotation
from ledger.errors import Invalid
from ledger.receipt.head import read_head
from ledger.receipt.places import Shown, Thread
from ledger.receipt.witnesses import enough, seen_by


def _receipts(thread: Thread) -> str:
    for one in thread.shown:
        if one.verdict.level is None:
            wrong = next(step for step in one.verdict.findings if not step.ok)
            raise Invalid(wrong.code, f"Entry {one.place.seq}: {wrong.text}")
    gone = f"; {len(thread.erased)} were erased" if thread.erased else ""
    return f"Each of the {len(thread.shown)} receipts holds by itself{gone}."


def _linked(thread: Thread) -> str:
    kc = entry.key_commitment(thread.key)
    for one in thread.shown:
        _require_one_chain(thread, one, kc)
    numbers = thread.numbers
    if len(numbers) != len(thread.shown) + len(thread.erased):
        raise Invalid("seq-twice", "Two entries have the same number.")
    for before, one in pairwise(thread.shown):
        _require_follows(before, one)
    if numbers != set(range(len(numbers))):
        raise Invalid("gap", "A number between the entries is missing.")
    return "The entries are of one chain; each follows the one before."


def _require_one_chain(thread: Thread, one: Shown, kc: bytes) -> None:
    e, seq = one.opened.entry, one.place.seq
    if e.log != thread.stated.origin:
        raise Invalid("log-mismatch", f"Entry {seq} was not made for this log.")
    if e.kc != kc:
        raise Invalid("case-key", f"Entry {seq} has another case key.")
    if e.case != thread.shown[0].opened.entry.case:
        raise Invalid("chain-mismatch", f"Entry {seq} is of another chain.")


def _require_follows(before: Shown, one: Shown) -> None:
    seq = one.place.seq
    if seq == before.place.seq + 1 and one.opened.entry.prev != before.place.c:
        raise Invalid("fork", f"Entry {seq} does not follow the one before.")
    if one.opened.entry.at < before.opened.entry.at:
        raise Invalid("time", f"Entry {seq} claims to be older than the one before.")
    if one.place.index <= before.place.index:
        raise Invalid("order", f"Entry {seq} stands before an earlier one.")


def _logged(thread: Thread) -> str:
    origin = thread.stated.origin
    keys = rotation.reached(thread.policy.logs, origin, thread.found.changes)
    checkpoint.require_log(thread.note, origin, keys)
    return f"The log {origin} signed its state of {thread.stated.size} leaves."


def _witnessed(thread: Thread) -> str:
    thread.times = seen_by(thread.note, thread.policy)
    return enough(thread.policy, thread.times)


def _leaves(thread: Thread) -> str:
    found, stated = thread.found, thread.stated
    if (found.size, found.root) != (stated.size, stated.root):
        raise Invalid("leaves", "These leaves are not all those of the log.")
    return f"These are the {stated.size} leaves of the log, and all of them."


def _tags(thread: Thread) -> str:
    found, numbers = thread.found.tags, thread.numbers
    for seq in sorted(found.keys() | numbers):
        if seq not in numbers:
            raise Invalid("withheld", f"The log holds entry {seq}, which is not here.")
        if seq not in found:
            raise Invalid("not-recorded", f"Entry {seq} is not among these leaves.")
        if len(found[seq]) > 1:
            raise Invalid("tag-twice", f"The log holds entry {seq} more than once.")
    for one in thread.shown:
        place = found[one.place.seq][0]
        if (place.index, place.c) != (one.place.index, one.place.c):
            raise Invalid("place", f"Entry {one.place.seq} stands elsewhere.")
        before = one.place.seq - 1
        if before in thread.erased and found[before][0].c != one.opened.entry.prev:
            raise Invalid("place", f"Entry {before} was another when it was followed.")
    indexes = [found[seq][0].index for seq in sorted(numbers)]
    if indexes != sorted(indexes):
        raise Invalid("order", "The entries do not stand in the order of the chain.")
    return "Each entry stands in the log once, and no further one does."


def _headed(thread: Thread) -> str:
    if thread.head is None:
        return "No note on the chain's head was given."
    head = read_head(thread.head, thread.pins.statements)
    kc = entry.key_commitment(thread.key)
    if (head.log, head.kc) != (thread.stated.origin, kc):
        raise Invalid("chain-mismatch", "The note on the head is another chain's.")
    if head.size > thread.stated.size:
        raise Invalid("head-newer", "The note on the head is of a larger log.")
    counted = [place.c for place in thread.places if place.index < head.size]
    last = counted[-1] if counted else None
    if (head.count, head.head) != (len(counted), last):
        raise Invalid("head-withheld", "The node signed that the chain is another.")
    return f"The node signed the same: {head.count} entries at size {head.size}."


#: Steps 2 to 8, by the name that their findings carry.
STEPS: tuple[tuple[str, Callable[[Thread], str]], ...] = (
    ("receipts", _receipts),
    ("chain", _linked),
    ("log", _logged),
    ("witnesses", _witnessed),
    ("leaves", _leaves),
    ("tags", _tags),
    ("head", _headed),
)
