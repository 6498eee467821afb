"""Refusals in the log: the first at once, its repeats as one line with their number.

Whoever knocks a thousand times a minute must not be able to fill the disk with it. A
line holds code, status, origin and number; nothing that was sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeAlias

from federation.errors import Rejected
from node.core import Node
from node.logging import log

WINDOW = timedelta(minutes=1)
#: How many kinds of repeats are told apart at a time. Origins are only claimed here,
#: so there can be as many as somebody likes: what comes on top has none.
MOST = 1_000

#: What makes two refusals the same: the code, and the origin it was claimed from.
_Same: TypeAlias = tuple[str, str]


@dataclass(slots=True)
class _Repeats:
    #: The first of them: its class knows code and status.
    rejected: Rejected
    until: datetime
    n: int = 0


@dataclass(slots=True)
class _Folds:
    """What one process has folded and not written yet, the oldest first."""

    open: dict[_Same, _Repeats] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def over(self, now: datetime) -> Iterator[tuple[_Same, _Repeats]]:
        for same, repeats in list(self.open.items()):
            if repeats.until > now:
                return
            del self.open[same]
            if repeats.n:
                yield same, repeats


def warn(node: Node, rejected: Rejected, origin: str = "") -> None:
    """Note a refusal: by a line of its own, or by counting it with the last one."""
    write(node)
    folds = _folds(node)
    with folds.lock:
        if (rejected.code, origin) not in folds.open and len(folds.open) >= MOST:
            origin = ""
        same = (rejected.code, origin)
        known = folds.open.get(same)
        if known is None:
            folds.open[same] = _Repeats(rejected, node.now() + WINDOW)
        else:
            known.n += 1
    if known is None:
        log().warning(rejected.code, status=rejected.status, origin=origin)


def write(node: Node) -> None:
    """Write the repeats whose minute is over. Safe to call at any time."""
    folds = _folds(node)
    with folds.lock:
        lines = list(folds.over(node.now()))
    for (_, origin), repeats in lines:
        same = repeats.rejected
        log().warning(same.code, status=same.status, origin=origin, n=repeats.n)


def _folds(node: Node) -> _Folds:
    found = node.memory.setdefault("log.folds", _Folds())
    if not isinstance(found, _Folds):
        raise TypeError("Something else is kept where refusals are folded.")
    return found
