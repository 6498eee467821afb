"""The plan of a case: what is to be done, by whom, and until when.

A step is a person's word for what comes next. Nothing about it moves a case, and no
promise rests on it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from governance.cases import State
from governance.errors import ChoiceInvalid, NotYours, WordsTooLong, WrongState
from governance.submissions import check_words
from governance.threads import OPEN

#: Characters of a step. What needs more is a message or a note.
TITLE_LIMIT = 200
#: Steps of one case: more of them is no plan that anybody reads.
MOST = 50
#: Nobody plans further ahead than this.
FURTHEST = timedelta(days=366)


class Owner(StrEnum):
    """Who is to do a step."""

    MEMBER = "member"
    #: Whoever has the case then.
    ADVOCATE = "advocate"
    #: Somebody outside; whoever has the case looks after it.
    OTHER = "other"


def check_title(title: str) -> str:
    """Return what is to be done, on one line; refuse what is none."""
    found = " ".join(check_words(title).split())
    if len(found) > TITLE_LIMIT:
        raise WordsTooLong(
            f"A step has at most {TITLE_LIMIT} characters. Say more in a message.",
            limit=TITLE_LIMIT,
        )
    return found


def check_step(state: State, count: int, due: datetime | None, *, at: datetime) -> None:
    """Refuse a step for a case that has no next one, or too many, or at no day."""
    check_open(state)
    if count >= MOST:
        raise ChoiceInvalid(
            f"A plan has at most {MOST} steps. Remove one first.", field="step"
        )
    if due is not None and not at < due <= at + FURTHEST:
        raise ChoiceInvalid("Choose a day to come, within a year.", field="due")


def check_open(state: State) -> None:
    """Refuse to change the plan of a case that nobody works on any more."""
    if state not in OPEN:
        raise WrongState(f"The plan of a case that is {state} is over.", state=state)


def may_tick(owner: Owner, *, own: bool, works: bool) -> bool:
    """Say whether somebody can say that a step is done, or take that back.

    `own`: it is their case. `works`: they could answer its member. Who works on it
    ticks for others, too: the member who says so on the telephone, or an office.
    """
    return works or (own and owner is Owner.MEMBER)


def check_tick(owner: Owner, *, own: bool, works: bool) -> None:
    """Refuse whoever says that somebody else's step is done."""
    if not may_tick(owner, own=own, works=works):
        raise NotYours("This step is somebody else's. Only they say that it is done.")
