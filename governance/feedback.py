"""What a member says about how their case was handled, and the answer to it.

Nothing here is a mark of anybody: it opens no right, and no order, priority, offer or
promise rests on it. Casework, section 7.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from governance.errors import (
    ChoiceInvalid,
    NotYours,
    Refusal,
    SecondPerson,
    WordsTooLong,
    WrongState,
)
from governance.submissions import check_words

WORST: Final = 1
BEST: Final = 5
#: Casework, section 7; no preset has a number for it.
REVIEWERS: Final = 2
#: Characters of what somebody finds in a copy. It is short, or nobody reads it.
FINDING_LIMIT: Final = 2_000
#: After so long without a word a reviewer is reminded, and after as long again somebody
#: else is asked. No preset has a number for it.
LATE: Final = timedelta(days=7)


class Wait(StrEnum):
    """What becomes of a copy that somebody was asked to look at."""

    #: They still have time.
    WAIT = "wait"
    REMIND = "remind"
    NEXT = "next"


class NoReviewers(Refusal):
    """There are not two people who could look at a copy: all are of the case."""

    code = "feedback.no-reviewers"


def check_said(rating: int, text: str) -> None:
    """Refuse what is no number from one to five, and what is no text."""
    if not WORST <= rating <= BEST:
        raise ChoiceInvalid(f"Choose a number from {WORST} to {BEST}.", field="rating")
    if text.strip():
        check_words(text)


def may_say(*, over: bool, reviewed: bool) -> bool:
    """Say whether a member can say how it was, or say it anew.

    `over`: their case is closed, and what they went on with is, too. `reviewed`:
    somebody else wrote down what they found in it.
    """
    return over and not reviewed


def check_say(*, over: bool, reviewed: bool) -> None:
    """Refuse to say how it was before it is over, or after others looked at it."""
    check_take_back(reviewed=reviewed)
    if not may_say(over=over, reviewed=reviewed):
        raise WrongState("You can say how it was once your case is closed.")


def check_take_back(*, reviewed: bool) -> None:
    """Refuse to change or take back what others wrote about."""
    if reviewed:
        raise WrongState("Others have looked at what you said. It stays as it is.")


def may_read(*, own: bool, about: bool, leads: bool) -> bool:
    """Say whether somebody reads what was said.

    `own`: it is their case. `about`: it is about their work. `leads`: they share out
    this case. Whoever has it now, and is none of them, does not.
    """
    return own or about or leads


def check_read(*, own: bool, about: bool, leads: bool) -> None:
    """Refuse whoever works on the case, and is not whom it is about."""
    if not may_read(own=own, about=about, leads=leads):
        raise NotYours("This is for whom it is about, and for who shares out the case.")


def may_answer(*, about: bool, nobody: bool, leads: bool, answered: bool) -> bool:
    """Say whether somebody can answer: once, whom it is about.

    `nobody`: no advocate had the case; then it is for who shares it out.
    """
    return not answered and (about or (nobody and leads))


def check_answer(*, about: bool, nobody: bool, leads: bool, answered: bool) -> None:
    """Refuse an answer by somebody else, and a second one."""
    if answered:
        raise WrongState("There is an answer to this already.")
    if not may_answer(about=about, nobody=nobody, leads=leads, answered=answered):
        raise NotYours("Whom it is about answers this, and nobody else.")


def may_copy(*, about: bool, leads: bool, copied: bool) -> bool:
    """Say whether somebody can prepare a copy for others: never of their own work."""
    return leads and not about and not copied


def check_copy(*, about: bool, leads: bool, copied: bool) -> None:
    """Refuse a copy by whom it is about, by who does not lead, and a second one."""
    if about:
        raise SecondPerson("Somebody else prepares the copy of what is about you.")
    if not leads:
        raise NotYours("Whoever shares out the case prepares a copy for others.")
    if copied:
        raise WrongState("There is a copy already.")


def check_without_names(text: str, names: Collection[str], *, looked: bool) -> str:
    """Return the words of a copy; refuse one that names somebody, or was not read.

    `names`: who and what the program knows of. All else only a person finds, so one
    says that they looked.
    """
    check_words(text)
    if any(_named(name, text) for name in names):
        raise ChoiceInvalid(
            "This still says whose case it is. Take it out.", field="text"
        )
    if not looked:
        raise ChoiceInvalid("Say that you looked for names yourself.", field="looked")
    return text.strip()


def _named(name: str, text: str) -> bool:
    words = r"\s+".join(map(re.escape, name.split()))
    return bool(words and re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE))


def reviewers(asked: Mapping[UUID, int], wanted: int = REVIEWERS) -> tuple[UUID, ...]:
    """Return who is asked next: who was asked least often, never by who they are.

    `asked`: how many copies each of those who could look was asked about before.
    """
    if len(asked) < wanted:
        raise NoReviewers(
            "There are not enough people who could look at it and have nothing to do"
            " with the case."
        )
    return tuple(sorted(asked, key=lambda one: (asked[one], one))[:wanted])


def waits(
    asked_at: datetime, reminded_at: datetime | None, *, there: bool, at: datetime
) -> Wait:
    """Say what is due while a reviewer says nothing: one reminder, then somebody else.

    `there`: they could look now; who is away or behind a wall by now is not reminded.
    """
    if at < (reminded_at or asked_at) + LATE:
        return Wait.WAIT
    return Wait.REMIND if there and reminded_at is None else Wait.NEXT


def check_finding(text: str, *, done: bool) -> str:
    """Return what somebody found; refuse too much of it, and a second one."""
    check_words(text)
    if len(text) > FINDING_LIMIT:
        raise WordsTooLong(
            f"A finding has at most {FINDING_LIMIT:,} characters.", limit=FINDING_LIMIT
        )
    check_open(done=done)
    return text.strip()


def check_open(*, done: bool) -> None:
    """Refuse whoever said already what they found, or that they cannot look."""
    if done:
        raise WrongState("You are done with this copy.")
