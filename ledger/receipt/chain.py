"""The steps of checking a thread (ledger document, 5.3), from the second on.

A step either returns a sentence about what holds, or raises `Invalid` with one about
what does not.
"""

from collections.abc import Callable
from itertools import pairwise

from ledger import checkpoint, entry, origins, rotation
from ledger.errors import Invalid
from ledger.receipt.head import Head, read_head
from ledger.receipt.places import Place, Shown, Thread
from ledger.receipt.verdict import GROWN
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
    if not origins.related(thread.stated.origin, e.log):
        raise Invalid("log-mismatch", f"Entry {seq} was not made for this log.")
    if e.kc != kc:
        raise Invalid("case-key", f"Entry {seq} has another case key.")
    if e.case != thread.shown[0].opened.entry.case:
        raise Invalid("chain-mismatch", f"Entry {seq} is of another chain.")


def _require_follows(before: Shown, one: Shown) -> None:
    seq = one.place.seq
    if seq == before.place.seq + 1 and one.opened.entry.prev != before.found.c:
        raise Invalid("fork", f"Entry {seq} does not follow the one before.")
    if one.opened.entry.at < before.opened.entry.at:
        raise Invalid("time", f"Entry {seq} claims to be older than the one before.")
    if not _is_after(before, one):
        raise Invalid("order", f"Entry {seq} stands before an earlier one.")


def _is_after(before: Shown, one: Shown) -> bool:
    older, log = before.place.log, one.place.log
    if log == older:
        return one.found.index > before.found.index
    return origins.split(log)[1] > origins.split(older)[1]


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


def _require_once(seq: int, side: int | None, times: int) -> None:
    if side is None:
        raise Invalid("withheld", f"The log holds entry {seq}, which is not here.")
    if side and times:
        raise Invalid("tag-twice", f"Entry {seq} of another log stands here, too.")
    if not side and not times:
        raise Invalid("not-recorded", f"Entry {seq} is not among these leaves.")
    if times > 1:
        raise Invalid("tag-twice", f"The log holds entry {seq} more than once.")


def _tags(thread: Thread) -> str:
    found, later = thread.found.tags, _later(thread)
    sides = thread.sides | dict.fromkeys(later, 0)
    for seq in sorted(found.keys() | sides.keys()):
        _require_once(seq, sides.get(seq), len(found.get(seq, [])))
    for one in thread.shown:
        seq, before = one.place.seq, one.place.seq - 1
        if seq in found and found[seq][0] != one.found:
            raise Invalid("place", f"Entry {seq} stands elsewhere.")
        erased = before in thread.erased and before in found
        if erased and found[before][0].c != one.opened.entry.prev:
            raise Invalid("place", f"Entry {before} was another when it was followed.")
    runs = [sides[seq] for seq in sorted(sides)]
    indexes = [found[seq][0].index for seq in sorted(found)]
    if indexes != sorted(indexes) or runs != sorted(runs):
        raise Invalid("order", "The entries do not stand in the order of the chain.")
    if later:
        thread.later = len(later)
        raise Invalid(GROWN, f"Since the note on the head, {thread.later} more came.")
    if any(runs):
        return f"{runs.count(0)} entries stand in this log, and no other of the chain."
    return "Each entry stands in the log once, and no further one does."


def _later(thread: Thread) -> list[int]:
    """Return the entries that are not here, but go on after the note on the head.

    Whoever saved the chain with that note cannot have them; nobody kept them back.
    """
    try:
        head = _head(thread)
    except Invalid:
        return []
    size = thread.stated.size if head is None else head.size
    later = sorted(
        seq
        for seq, places in thread.found.tags.items()
        if seq not in thread.sides and places[0].index >= size
    )
    count = len(thread.numbers)
    return later if later == [*range(count, count + len(later))] else []


def _head(thread: Thread) -> Head | None:
    if thread.head is None:
        return None
    head = read_head(thread.head, thread.pins.statements)
    kc = entry.key_commitment(thread.key)
    if (head.log, head.kc) != (thread.stated.origin, kc):
        raise Invalid("chain-mismatch", "The note on the head is another chain's.")
    return head


def _headed(thread: Thread) -> str:
    head = _head(thread)
    if head is None:
        return "No note on the chain's head was given."
    if head.size > thread.stated.size:
        raise Invalid("head-newer", "The note on the head is of a larger log.")
    if not _is_told(thread, head):
        raise Invalid("head-withheld", "The node signed that the chain is another.")
    return f"The node signed the same: {head.count} entries at size {head.size}."


def _is_told(thread: Thread, head: Head) -> bool:
    places, sides, unsure = thread.places, thread.sides, thread.unsure
    # Entries of an earlier log were there before the first of this one.
    sure = [
        one
        for one in places
        if sides[one.seq] < 0 or _is_in(one, head.size, sides[one.seq])
    ]
    most = sure + [one for one in places if one.seq in unsure]
    if not len(sure) <= head.count <= len(most):
        return False
    if not head.count:
        return head.head is None
    last = most[head.count - 1].c
    # Of an entry that was erased in another log, nobody may know the commitment.
    return head.head is not None if last is None else head.head == last


def _is_in(one: Place, size: int, side: int) -> bool:
    return side == 0 and one.index is not None and one.index < size


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
