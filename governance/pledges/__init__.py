"""What the community promises, until when, and whether it kept it.

A promise is frozen with the rule that made it and can be computed again from what
happened. A miss stays a miss; nothing a machine sends answers a member.
"""

from governance.pledges.model import Pledge, PledgeState, Promise
from governance.pledges.promises import (
    calendar_of,
    follow_up,
    promise,
    promise_after_inbound,
    repromise,
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
from governance.pledges.table import MEETS, MEMBERS_OWN, STARTS
from governance.rules import PledgeKind

__all__ = [
    "MEETS",
    "MEMBERS_OWN",
    "STARTS",
    "WARN_AT",
    "Pledge",
    "PledgeKind",
    "PledgeState",
    "Promise",
    "calendar_of",
    "due",
    "follow_up",
    "promise",
    "promise_after_inbound",
    "remaining",
    "repromise",
    "settle",
    "standing",
    "void",
    "warnings",
]
