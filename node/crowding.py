"""How many may do a thing at a time in one process, and how often anybody may.

It guards the time of this process, so each process counts for itself, in memory: to
turn somebody away costs next to nothing.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock

from federation.errors import Rejected, TooMany
from node import throttle
from node.core import Node

#: How many addresses are told apart at a time. Whoever was longest away is forgotten.
MOST = 10_000
#: What one address may send in a minute before it is proven who sent it: one address
#: can be that of many nodes.
KNOCKS = 1200
_MINUTE = 60.0
#: Seconds that moments may be off.
_ROUNDING = 1e-6


@dataclass(slots=True)
class _Knocks:
    #: By block of addresses, the one that knocked last at the end: when it would have
    #: been if it had knocked no faster than it may.
    spent: dict[str, float] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def take(self, key: str, now: float) -> float:
        """Count one more; return the seconds to wait, 0 for none (GCRA)."""
        apart = _MINUTE / KNOCKS
        with self.lock:
            paid = self.spent.pop(key, now)
            if not now <= paid <= now + _MINUTE + apart:  # over, or the clock went back
                paid = now
            wait = paid + apart - now - _MINUTE
            self.spent[key] = paid if wait > _ROUNDING else paid + apart
            if len(self.spent) > MOST:
                del self.spent[next(iter(self.spent))]
        return wait if wait > _ROUNDING else 0.0


def knock(node: Node, address: str) -> None:
    """Count one more from an address; raises `TooMany` once that is too often."""
    found = node.memory.setdefault("knocks", _Knocks())
    if not isinstance(found, _Knocks):
        raise TypeError("Something else is kept where knocks are counted.")
    wait = found.take(throttle.block(address), node.monotonic())
    if wait:
        raise TooMany("Send less, or later.", again=math.ceil(wait))


@contextmanager
def one_of(node: Node, what: str, most: int, otherwise: Rejected) -> Iterator[None]:
    """Do a thing beside at most so many others; raises what is given otherwise."""
    few = node.memory.setdefault(what, BoundedSemaphore(most))
    if not isinstance(few, BoundedSemaphore) or not few.acquire(blocking=False):
        raise otherwise
    try:
        yield
    finally:
        few.release()
