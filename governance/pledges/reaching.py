"""How often and by which ways a member was asked before silence closes their case."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final, Protocol

#: Days after a question, and after "is it solved?", on which the member is asked
#: again; the presets name no others (casework, table of pledges: ask day 0, 3, 7).
ASK_AGAIN: Final = (timedelta(days=3), timedelta(days=7))
#: Days after a question on which a case may close because nobody could be reached.
GIVE_UP: Final = timedelta(days=14)
#: How long whoever works on it has to try another way before it is looked at again.
TRY_AGAIN: Final = timedelta(days=7)
_WAYS: Final = 2


class Reached(Protocol):
    """One time the member was asked."""

    @property
    def channel(self) -> str:
        """By which way."""


def is_enough(
    tries: Iterable[Reached], known: Collection[str], *, attempts: int
) -> bool:
    """Say whether somebody was asked often enough, in two ways or in all there are."""
    ways = [one.channel for one in tries]
    tried = set(ways)
    return len(ways) >= attempts and (len(tried) >= _WAYS or tried >= set(known))
