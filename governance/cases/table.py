"""The 39 moves of a case: from where to where, by whom, and with what.

What is not listed cannot happen. An advocate alone never closes a case, and its
member may withdraw it from every live state without a reason.
"""

from dataclasses import dataclass
from enum import StrEnum

from governance.cases.model import ANSWERED, Act, Outcome, Part, State


class Need(StrEnum):
    """What an act cannot go without. Whoever acts brings it, or is refused."""

    CONSENT = "consent"
    DATE = "date"
    MESSAGE = "message"
    NOTE = "note"
    OFFER = "offer"
    REASON = "reason"
    SECOND_PERSON = "second_person"
    TRIAGE = "triage"
    WHOM = "whom"


@dataclass(frozen=True, slots=True)
class Move:
    """Where an act leads, who may do it, and what it takes."""

    #: The row in the casework document's table.
    number: str
    to: State
    by: frozenset[Part]
    #: The kind of the ledger entry that records it.
    ledger: str
    needs: frozenset[Need] = frozenset()
    #: What the case may close as; empty for moves that do not close.
    outcomes: frozenset[Outcome] = frozenset()


_LETTERS = {part.value[0].upper(): part for part in Part}


def _row(number: str, to: State, who: str, ledger: str, *more: Need | Outcome) -> Move:
    return Move(
        number,
        to,
        frozenset(_LETTERS[letter] for letter in who),
        ledger,
        needs=frozenset(it for it in more if isinstance(it, Need)),
        outcomes=frozenset(it for it in more if isinstance(it, Outcome)),
    )


def _withdraw(number: str) -> Move:
    return _row(number, State.CLOSED, "M", "withdraw", Outcome.WITHDRAWN)


_REFUSAL = (Need.MESSAGE, Need.SECOND_PERSON, Outcome.NOT_OURS)
_JOINING = (Need.CONSENT, Outcome.JOINED)

#: Who: Member, Advocate, Coordinator, Steward, Rule, Peer.
_FROM: dict[State | None, dict[Act, Move]] = {
    None: {
        Act.SUBMIT: _row("T1", State.RECEIVED, "MAR", "submission"),
    },
    State.RECEIVED: {
        Act.TRIAGE: _row("T2", State.QUEUED, "CAR", "status", Need.TRIAGE),
        Act.DISCARD: _row("T3", State.DISCARDED, "CA", "status", Need.REASON),
        Act.JOIN: _row("T4", State.CLOSED, "MC", "close", *_JOINING),
        Act.WITHDRAW: _withdraw("T5"),
    },
    State.QUEUED: {
        Act.ASSIGN: _row("T6", State.ASSIGNED, "CRA", "assign", Need.OFFER),
        Act.WITHDRAW: _withdraw("T7"),
        Act.JOIN: _row("T8", State.CLOSED, "MC", "close", *_JOINING),
        Act.REFUSE: _row("T9", State.CLOSED, "C", "close", *_REFUSAL),
    },
    State.ASSIGNED: {
        Act.ACCEPT: _row("T10", State.WORKING, "A", "status"),
        Act.DECLINE: _row("T11", State.QUEUED, "A", "status", Need.REASON),
        Act.EXPIRE: _row("T12", State.QUEUED, "R", "status"),
        Act.WITHDRAW: _withdraw("T13"),
    },
    State.WORKING: {
        Act.ASK_MEMBER: _row(
            "T14", State.WAITING_MEMBER, "AC", "status", Need.MESSAGE, Need.DATE
        ),
        Act.ASK_OTHER: _row(
            "T15", State.WAITING_OTHER, "AC", "status", Need.WHOM, Need.DATE
        ),
        Act.RELEASE: _row("T16", State.QUEUED, "ACR", "status", Need.REASON, Need.NOTE),
        Act.RESOLVE: _row("T17", State.RESOLVED, "A", "status", Need.MESSAGE),
        Act.REFUSE: _row(
            "T18", State.CLOSED, "C", "close", *_REFUSAL, Outcome.NO_REMEDY
        ),
        Act.TRANSFER_DONE: _row("T19", State.TRANSFERRED, "P", "status", Need.CONSENT),
        Act.WITHDRAW: _withdraw("T20"),
    },
    State.WAITING_MEMBER: {
        Act.MEMBER_REPLIED: _row("T21", State.WORKING, "MR", "status"),
        Act.RESUME: _row("T22", State.WORKING, "ACR", "status", Need.REASON),
        Act.NO_ANSWER: _row("T23", State.CLOSED, "R", "close", Outcome.UNREACHABLE),
        Act.WITHDRAW: _withdraw("T24"),
    },
    State.WAITING_OTHER: {
        Act.OTHER_REPLIED: _row("T25", State.WORKING, "RA", "status"),
        Act.FOLLOW_UP_DUE: _row("T26", State.WORKING, "RC", "status"),
        Act.MEMBER_WROTE: _row("T27", State.WORKING, "M", "status"),
        Act.WITHDRAW: _withdraw("T28"),
    },
    State.RESOLVED: {
        Act.CONFIRM: _row("T29", State.CLOSED, "M", "close", *ANSWERED),
        Act.DISPUTE: _row("T30", State.WORKING, "M", "status"),
        Act.LAPSE: _row(
            "T31", State.CLOSED, "R", "close", Outcome.RESOLVED_UNCONFIRMED
        ),
    },
    State.CLOSED: {
        Act.REOPEN: _row("T32", State.QUEUED, "MC", "reopen"),
        Act.APPEAL: _row("T33", State.QUEUED, "M", "reopen"),
        Act.ERASE: _row("T39", State.ERASED, "MRS", "tombstone"),
    },
    State.TRANSFERRED: {
        Act.RETURNED: _row("T34", State.QUEUED, "PR", "status"),
        Act.PEER_CLOSED: _row("T35", State.RESOLVED, "P", "status"),
        Act.WITHDRAW: _withdraw("T36"),
    },
    State.DISCARDED: {
        Act.RESTORE: _row("T37", State.RECEIVED, "CSM", "status"),
        Act.PURGE: _row("T38", State.ERASED, "R", "tombstone", Need.SECOND_PERSON),
    },
}

#: Every move there is, by where a case stands and what somebody does.
MOVES: dict[tuple[State | None, Act], Move] = {
    (state, act): listed
    for state, acts in _FROM.items()
    for act, listed in acts.items()
}
