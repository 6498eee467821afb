"""What a member says about how their case was handled, and the answer to it.

Nothing here is a mark of anybody: it opens no right, and no order, priority, offer or
promise rests on it. Casework, section 7.
"""

from typing import Final

from governance.errors import ChoiceInvalid, NotYours, WrongState
from governance.submissions import check_words

WORST: Final = 1
BEST: Final = 5


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
