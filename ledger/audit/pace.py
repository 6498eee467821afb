"""How often a log publishes, by its witnesses' clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Pace:
    """What can be said about a log's publications; nothing of it is an accusation."""

    published: int
    #: The longest wait between two of them, in seconds.
    longest: int | None
    #: Sizes that are no multiple of what the log pads to.
    uneven: tuple[int, ...]


def cadence(seen: Sequence[tuple[int, int]], cover: int) -> Pace:
    """Return the pace of checkpoints, each with its size and first witness time.

    A slow witness may see an old size late, so only waiting times are told.
    """
    times = sorted(at for _, at in seen)
    waits = [later - earlier for earlier, later in pairwise(times)]
    uneven = tuple([size for size, _ in seen if size % cover])
    return Pace(len(seen), max(waits, default=None), uneven)
