"""How often and by which ways a member was asked before silence closes their case."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, Protocol

from governance.errors import WrongState

#: Days after a question, and after "is it solved?", on which the member is asked
#: again; the presets name no others (casework, table of pledges: ask day 0, 3, 7).
ASK_AGAIN: Final = (timedelta(days=3), timedelta(days=7))
#: Days after a question on which a case may close because nobody could be reached.
GIVE_UP: Final = timedelta(days=14)
#: How long whoever works on it has to try another way before it is looked at again.
TRY_AGAIN: Final = timedelta(days=7)
#: The same way counts once in this time: a number rung thrice in a row is one try.
TRY_APART: Final = timedelta(days=1)
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


class Tried(Reached, Protocol):
    """One time the member was asked, and when."""

    @property
    def at(self) -> datetime:
        """When it was."""


def check_try(way: str, tries: Iterable[Tried], *, at: datetime) -> None:
    """Refuse a try that is none: by the same way, on the same day."""
    if any(one.channel == way and at - one.at < TRY_APART for one in tries):
        raise WrongState(
            "This way was tried within the last day. It counts once a day."
        )
