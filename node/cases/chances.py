"""What a case means for whoever looks: as what, whose turn, and what is possible."""

from sqlalchemy import select

from governance import cases as rules
from governance.cases import MOVES, Act, Part, State
from node.cases.hand import Hand
from node.cases.lists import QUEUE
from node.models.cases import Case

_MEMBERS_TURN = frozenset({State.WAITING_MEMBER, State.RESOLVED})
_ADVOCATES_TURN = frozenset({State.ASSIGNED})
#: Beyond this nobody is told a place: it would say nothing.
_FARTHEST_PLACE = 200
#: What somebody can do as yet; of these a look offers what would be accepted.
ASKED = frozenset(
    {
        Act.TRIAGE, Act.ASSIGN, Act.ACCEPT, Act.DECLINE, Act.ASK_MEMBER,
        Act.MEMBER_REPLIED, Act.MEMBER_WROTE, Act.RESOLVE, Act.CONFIRM, Act.DISPUTE,
        Act.REOPEN, Act.WITHDRAW,
    }
)  # fmt: skip


def part(hand: Hand) -> Part:
    """Say as what the viewer sees the case."""
    if hand.own:
        return Part.MEMBER
    mine = hand.case.responsible_id == hand.by.person_id
    return Part.ADVOCATE if mine else Part.COORDINATOR


def turn(hand: Hand) -> bool:
    """Say whether the case waits for the viewer."""
    case = hand.case
    if hand.own:
        return case.state in _MEMBERS_TURN
    if case.responsible_id != hand.by.person_id:
        return False
    wrote = case.state is State.WORKING and case.member_wrote_last
    return case.state in _ADVOCATES_TURN or wrote


def queue_place(hand: Hand) -> int | None:
    """Return how many are before it in the queue, itself counted; None elsewhere."""
    case = hand.case
    if case.state is not State.QUEUED:
        return None
    ahead = (
        select(Case.id)
        .where(Case.state == State.QUEUED)
        .order_by(*QUEUE)
        .limit(_FARTHEST_PLACE)
    )
    places = list(hand.tx.scalars(ahead))
    return places.index(case.id) + 1 if case.id in places else None


def acts(hand: Hand) -> frozenset[Act]:
    """Return what the viewer may do to the case now."""
    listed = (
        (act, move) for (state, act), move in MOVES.items() if state is hand.case.state
    )
    return frozenset(
        act
        for act, move in listed
        if act in ASKED and hand.part(act) in move.by and _may(hand, act)
    )


def _may(hand: Hand, act: Act) -> bool:
    if act is Act.REOPEN and not may_reopen(hand):
        return False
    verbs = [rules.verb(act), *(["case.take"] if act is Act.ASSIGN else [])]
    return any(hand.may(verb) for verb in verbs)


def may_reopen(hand: Hand) -> bool:
    """Say whether a closed case can still be brought back."""
    case = hand.case
    if case.state is not State.CLOSED or case.closed_at is None or case.outcome is None:
        return False
    return rules.may_reopen(
        case.closed_at, case.outcome, at=hand.node.now(), rules=hand.bylaws.cases
    )
