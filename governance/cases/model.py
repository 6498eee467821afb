"""The closed lists a case is made of, in the words shown to members.

A value that is in no list here cannot be stored, sent or asked for.
"""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    QUEUED = "queued"
    ASSIGNED = "assigned"
    WORKING = "working"
    WAITING_MEMBER = "waiting_member"
    WAITING_OTHER = "waiting_other"
    RESOLVED = "resolved"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    DISCARDED = "discarded"
    ERASED = "erased"


#: The states in which somebody still has something to do for the member.
LIVE = frozenset(
    {
        State.RECEIVED,
        State.QUEUED,
        State.ASSIGNED,
        State.WORKING,
        State.WAITING_MEMBER,
        State.WAITING_OTHER,
        State.TRANSFERRED,
    }
)


class Act(StrEnum):
    """What somebody can do to a case."""

    SUBMIT = "submit"
    TRIAGE = "triage"
    DISCARD = "discard"
    JOIN = "join"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    REFUSE = "refuse"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    ASK_MEMBER = "ask_member"
    ASK_OTHER = "ask_other"
    RELEASE = "release"
    RESOLVE = "resolve"
    TRANSFER_DONE = "transfer_done"
    MEMBER_REPLIED = "member_replied"
    RESUME = "resume"
    NO_ANSWER = "no_answer"
    OTHER_REPLIED = "other_replied"
    FOLLOW_UP_DUE = "follow_up_due"
    MEMBER_WROTE = "member_wrote"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    LAPSE = "lapse"
    REOPEN = "reopen"
    APPEAL = "appeal"
    RETURNED = "returned"
    PEER_CLOSED = "peer_closed"
    RESTORE = "restore"
    PURGE = "purge"
    ERASE = "erase"


class Part(StrEnum):
    """What somebody is in one case. Nobody is anything in all cases."""

    MEMBER = "member"
    ADVOCATE = "advocate"
    COORDINATOR = "coordinator"
    STEWARD = "steward"
    RULE = "rule"
    PEER = "peer"


class Kind(StrEnum):
    """What a case is about."""

    CLAIM = "claim"
    SUGGESTION = "suggestion"
    QUESTION = "question"
    THANKS = "thanks"
    INFORMATION = "information"
    COLLECTIVE = "collective"


class Priority(StrEnum):
    """How soon somebody must look, most urgent first. Never a matter of value."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class DeadlineSource(StrEnum):
    """Where it says until when somebody has to act."""

    STATUTE = "statute"
    LETTER = "letter"
    COURT = "court"
    OTHER = "other"


class Sensitivity(StrEnum):
    """How narrowly a case is shown."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"
    SPECIAL = "special"


class Outcome(StrEnum):
    """Why a case closed."""

    RESOLVED_CONFIRMED = "resolved_confirmed"
    RESOLVED_UNCONFIRMED = "resolved_unconfirmed"
    PARTLY = "partly"
    NO_REMEDY = "no_remedy"
    NOT_OURS = "not_ours"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "unreachable"
    TRANSFERRED_DONE = "transferred_done"


#: The outcomes a member can give a case with their own answer.
ANSWERED = frozenset(
    {Outcome.RESOLVED_CONFIRMED, Outcome.PARTLY, Outcome.TRANSFERRED_DONE}
)
