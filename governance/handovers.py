"""Work handed to a partner community: what may follow what, and who answers meanwhile.

The sender stays responsible until the partner has accepted with a name and pledges;
whatever ends it brings the case home.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from governance.errors import ConsentMissing, WrongState


class Kind(StrEnum):
    """What a partner is asked to do."""

    ASSIST = "assist"
    TRANSFER = "transfer"
    COLLECTIVE_LINK = "collective_link"
    STATISTICS = "statistics"


class State(StrEnum):
    """Where a hand-over stands."""

    DRAFTED = "drafted"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNDONE = "undone"
    ACTIVE = "active"
    DONE = "done"
    RETURNED = "returned"
    REVOKED = "revoked"


class Step(StrEnum):
    """What happens to a hand-over."""

    OFFER = "offer"
    ACCEPT = "accept"
    REJECT = "reject"
    EXPIRE = "expire"
    UNDO = "undo"
    DELIVER = "deliver"
    FINISH = "finish"
    RETURN = "return"
    REVOKE = "revoke"


#: Every step there is. What is not listed cannot happen.
STEPS: Final[dict[tuple[State, Step], State]] = {
    (State.DRAFTED, Step.OFFER): State.OFFERED,
    (State.DRAFTED, Step.UNDO): State.UNDONE,
    (State.OFFERED, Step.ACCEPT): State.ACCEPTED,
    (State.OFFERED, Step.REJECT): State.REJECTED,
    (State.OFFERED, Step.EXPIRE): State.EXPIRED,
    (State.OFFERED, Step.UNDO): State.UNDONE,
    (State.ACCEPTED, Step.DELIVER): State.ACTIVE,
    (State.ACCEPTED, Step.UNDO): State.UNDONE,
    (State.ACCEPTED, Step.REVOKE): State.REVOKED,
    (State.ACTIVE, Step.FINISH): State.DONE,
    (State.ACTIVE, Step.RETURN): State.RETURNED,
    (State.ACTIVE, Step.REVOKE): State.REVOKED,
}
#: While one of these stands, the case has a second one with nobody.
OPEN: Final = frozenset({State.DRAFTED, State.OFFERED, State.ACCEPTED, State.ACTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What a partner promises by accepting."""

    #: Who answers for it there.
    name: str
    #: By when their first answer comes.
    answer_by: datetime
    #: The identity of the partner's rules.
    rules: str


def step(state: State, what: Step) -> State:
    """Return where a step leads, or refuse what is not in `STEPS`."""
    after = STEPS.get((state, what))
    if after is None:
        raise WrongState(
            f"A hand-over that is {state} does not allow: {what}.", state=state
        )
    return after


def check_acceptance(
    accepted: Acceptance, *, ours: datetime | None, agreed: bool
) -> None:
    """Refuse a partner's later promise than our own, unless its member said yes."""
    later = ours is not None and accepted.answer_by > ours
    if later and not agreed:
        raise ConsentMissing(
            "They promise an answer later than we did. Ask the member first."
        )
