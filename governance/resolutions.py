"""How a case ends: the advocate says it is done, the member says whether it is.

Nobody but the member turns "resolved" into "confirmed"; silence is shown apart.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from governance.cases import Act, Outcome
from governance.errors import ChoiceInvalid


class Answer(StrEnum):
    """What the member says about a resolution."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"


#: What each answer does to a case, and what the case then closes as.
EFFECTS: dict[Answer, tuple[Act, Outcome | None]] = {
    Answer.SOLVED: (Act.CONFIRM, Outcome.RESOLVED_CONFIRMED),
    Answer.PARTLY: (Act.CONFIRM, Outcome.PARTLY),
    Answer.NOT_SOLVED: (Act.DISPUTE, None),
}

#: So often a case comes back before somebody else takes it on (casework, 7).
_ANOTHER_AT: Final = 3

#: From worst to best: the worst answer to any claim decides for the case.
_WORST_FIRST = (Answer.NOT_SOLVED, Answer.PARTLY, Answer.SOLVED)


def effect(answers: Collection[Answer]) -> tuple[Act, Outcome | None]:
    """Return what the answers to all claims of a case do to it."""
    for answer in _WORST_FIRST:
        if answer in answers:
            return EFFECTS[answer]
    raise ChoiceInvalid("Say whether it is solved, partly solved or not solved.")


def goes_to_another(act: Act, reopened: int) -> bool:
    """Say whether somebody else takes on what an act brings back.

    An appeal asks for it (T33); of what comes back again and again, the third time
    does, counting this one.
    """
    return act is Act.APPEAL or reopened >= _ANOTHER_AT
