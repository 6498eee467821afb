"""Which acts start, and which meet, the pledges of a case.

What is in no row changes no pledge.
"""

from typing import Final

from governance.cases import Act, Kind
from governance.rules import PledgeKind

#: Which acts start which pledges. A suggestion's answer is promised at triage too,
#: and progress is promised anew by every human message to the member.
STARTS: Final[dict[Act, frozenset[PledgeKind]]] = {
    Act.SUBMIT: frozenset(
        {PledgeKind.ACKNOWLEDGE, PledgeKind.TRIAGE, PledgeKind.FIRST_RESPONSE}
    ),
    Act.TRIAGE: frozenset({PledgeKind.RESOLUTION}),
    Act.ASSIGN: frozenset({PledgeKind.ASSIGNEE_ACCEPT}),
    Act.ACCEPT: frozenset({PledgeKind.ASSIGNEE_ACT}),
    Act.ASK_OTHER: frozenset({PledgeKind.FOLLOW_UP}),
    Act.RESOLVE: frozenset({PledgeKind.CONFIRMATION}),
}

_TRIAGED: Final = frozenset({PledgeKind.TRIAGE})
_FOLLOWED_UP: Final = frozenset({PledgeKind.FOLLOW_UP})
_OFFERED: Final = frozenset({PledgeKind.ASSIGNEE_ACCEPT})
_ACTED: Final = frozenset({PledgeKind.ASSIGNEE_ACT})
_ASKED: Final = frozenset({PledgeKind.CONFIRMATION})
_ENDED: Final = frozenset(
    {
        PledgeKind.PROGRESS,
        PledgeKind.FOLLOW_UP,
        PledgeKind.RESOLUTION,
        PledgeKind.ASSIGNEE_ACT,
        PledgeKind.SUGGESTION_ANSWER,
    }
)

#: Which acts meet which pledges. A first response is in no row: only a human
#: message to the member meets it (`threads.answers`), and no act ever resets it.
MEETS: Final[dict[Act, frozenset[PledgeKind]]] = {
    Act.TRIAGE: _TRIAGED,
    Act.DISCARD: _TRIAGED,
    Act.JOIN: _TRIAGED,
    Act.WITHDRAW: _TRIAGED,
    Act.ACCEPT: _OFFERED,
    Act.DECLINE: _OFFERED,
    Act.ASK_MEMBER: _ACTED,
    Act.ASK_OTHER: _ACTED,
    Act.RELEASE: _ACTED,
    Act.OTHER_REPLIED: _FOLLOWED_UP,
    Act.FOLLOW_UP_DUE: _FOLLOWED_UP,
    Act.MEMBER_WROTE: _FOLLOWED_UP,
    Act.RESOLVE: _ENDED,
    Act.REFUSE: _ENDED,
    Act.NO_ANSWER: _ENDED,
    Act.CONFIRM: _ASKED,
    Act.DISPUTE: _ASKED,
}

#: What the member was promised themselves: the soonest of these is their next date.
TO_MEMBER: Final = frozenset(
    {
        PledgeKind.FIRST_RESPONSE,
        PledgeKind.PROGRESS,
        PledgeKind.FOLLOW_UP,
        PledgeKind.RESOLUTION,
        PledgeKind.SUGGESTION_ANSWER,
    }
)

#: What waits for the member; its passing is silence, and no miss of the community.
MEMBERS_OWN: Final = frozenset({PledgeKind.CONFIRMATION})

#: What starts again when a case comes back to where it was, unless it still runs.
_ANEW: Final[dict[Act, frozenset[PledgeKind]]] = {
    Act.DISPUTE: _ACTED,
    Act.PEER_CLOSED: _ASKED,
    Act.RESTORE: _TRIAGED | {PledgeKind.FIRST_RESPONSE},
}


def starts(act: Act, kind: Kind) -> frozenset[PledgeKind]:
    """Return which pledges an act starts in a case of a kind."""
    found = STARTS.get(act, frozenset()) | _ANEW.get(act, frozenset())
    answered = act is Act.TRIAGE and kind is Kind.SUGGESTION
    return found | {PledgeKind.SUGGESTION_ANSWER} if answered else found
