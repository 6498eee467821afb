"""Tag uniqueness: one tag on two leaves is one entry recorded twice, and fraud."""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass

_TAG = slice(1, 17)
_SEALED = 49


@dataclass(frozen=True, slots=True)
class Twin:
    """Where one tag stands for the first and for the second time."""

    first: int
    second: int


def is_sealed(leaf: bytes) -> bool:
    """Say whether a leaf is a sealed one, which cover leaves are too."""
    return len(leaf) == _SEALED and leaf[:1] == b"\1"


def tags(
    leaves: Iterable[bytes],
    seen: MutableMapping[bytes, int],
    *,
    first: int = 0,
    share: tuple[int, int] = (0, 1),
) -> Twin | None:
    """Return the first two leaves with one tag; remember in `seen` what was looked at.

    With `share` (k, n) only that part of all tags is looked at: n passes over a log
    need the memory of one part.
    """
    part, parts = share
    for index, leaf in enumerate(leaves, first):
        if not is_sealed(leaf) or leaf[1] % parts != part:
            continue
        before = seen.setdefault(leaf[_TAG], index)
        if before != index:
            return Twin(before, index)
    return None
