"""What the community promises, until when, and whether it kept it.

A promise is frozen with the rule that made it and can be computed again from what
happened. A miss stays a miss; nothing a machine sends answers a member.
"""

from governance.pledges.ladder import BEGINS, RELEASES, Choice, Rung, cause, rung_at
from governance.pledges.model import Cause, Pledge, PledgeState, Promise
from governance.pledges.promises import (
    calendar_of,
    clock_of,
    follow_up,
    promise,
    promise_after_inbound,
    repromise,
    waits,
)
from governance.pledges.reaching import (
    ASK_AGAIN,
    GIVE_UP,
    TRY_AGAIN,
    Reached,
    check_try,
    is_enough,
)
from governance.pledges.standing import (
    WARN_AT,
    due,
    remaining,
    settle,
    standing,
    void,
    warnings,
)
from governance.pledges.table import (
    MEETS,
    MEMBERS_OWN,
    STARTS,
    TO_MEMBER,
    starts,
)
from governance.rules import PledgeKind

__all__ = [
    "ASK_AGAIN",
    "BEGINS",
    "GIVE_UP",
    "MEETS",
    "MEMBERS_OWN",
    "RELEASES",
    "STARTS",
    "TO_MEMBER",
    "TRY_AGAIN",
    "WARN_AT",
    "Cause",
    "Choice",
    "Pledge",
    "PledgeKind",
    "PledgeState",
    "Promise",
    "Reached",
    "Rung",
    "calendar_of",
    "cause",
    "check_try",
    "clock_of",
    "due",
    "follow_up",
    "is_enough",
    "promise",
    "promise_after_inbound",
    "remaining",
    "repromise",
    "rung_at",
    "settle",
    "standing",
    "starts",
    "void",
    "waits",
    "warnings",
]
