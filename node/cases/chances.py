"""What a case means for whoever looks: as what, whose turn, and what is possible."""

from collections.abc import Callable

from sqlalchemy import func, select

from governance import cases as rules
from governance.cases import MOVES, Act, Part, State
from node import governance
from node.cases.along import by_itself
from node.cases.hand import Hand
from node.models.cases import QUEUE, WAITS, Case, CaseEvent

_MEMBERS_TURN = frozenset({State.WAITING_MEMBER, State.RESOLVED})
_ADVOCATES_TURN = frozenset({State.ASSIGNED})
#: Beyond this nobody is told a place: it would say nothing.
_FARTHEST_PLACE = 200
#: What somebody can do as yet; of these a look offers what would be accepted.
ASKED = frozenset(
    {
        Act.TRIAGE, Act.DISCARD, Act.RESTORE, Act.ASSIGN, Act.ACCEPT, Act.DECLINE,
        Act.RELEASE, Act.ASK_MEMBER, Act.ASK_OTHER, Act.OTHER_REPLIED,
        Act.FOLLOW_UP_DUE, Act.RESUME, Act.MEMBER_REPLIED, Act.MEMBER_WROTE,
        Act.RESOLVE, Act.REFUSE, Act.CONFIRM, Act.DISPUTE, Act.REOPEN, Act.APPEAL,
        Act.WITHDRAW, Act.JOIN,
    }
)  # fmt: skip


def part(hand: Hand) -> Part:
    """Say as what the viewer sees the case."""
    if hand.own:
        return Part.MEMBER
    mine = hand.by.person_id in {hand.case.responsible_id, hand.lead}
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
        .where(WAITS, by_itself())
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
    in_time = _IN_TIME.get(act)
    if in_time is not None and not in_time(hand):
        return False
    if act is Act.REFUSE:
        who, at = governance.subject(hand.by), hand.node.now()
        verb = rules.verb(act)
        return governance.may_with_another(hand.bylaws, who, verb, hand.what, at=at)
    return any(hand.may(verb) for verb in _verbs(hand, act))


def _verbs(hand: Hand, act: Act) -> tuple[str, ...]:
    if act is Act.ASSIGN:
        return rules.verb(act), "case.take"
    if act is Act.RESTORE and hand.own:
        return (rules.verb(Act.REOPEN),)
    return (rules.verb(act),)


def explains(hand: Hand) -> bool:
    """Say whether the viewer says why promises of the case were missed."""
    return not hand.own and hand.may("case.assign")


def may_reopen(hand: Hand) -> bool:
    """Say whether a closed case can still be brought back."""
    return _came_back(hand, rules.may_reopen)


def may_appeal(hand: Hand) -> bool:
    """Say whether its member can still appeal against how a case closed."""
    return _came_back(hand, rules.may_appeal)


def _came_back(hand: Hand, in_time: Callable[..., bool]) -> bool:
    case = hand.case
    if case.state is not State.CLOSED or case.closed_at is None or case.outcome is None:
        return False
    at, windows = hand.node.now(), hand.bylaws.cases
    return in_time(case.closed_at, case.outcome, at=at, rules=windows)


def may_restore(hand: Hand) -> bool:
    """Say whether what was put aside can still be brought back."""
    put_aside = select(func.max(CaseEvent.at)).where(
        CaseEvent.case_id == hand.case.id, CaseEvent.act == Act.DISCARD
    )
    at = hand.tx.scalar(put_aside)
    return at is not None and rules.may_restore(
        at, at=hand.node.now(), rules=hand.bylaws.cases
    )


_IN_TIME: dict[Act, Callable[[Hand], bool]] = {
    Act.REOPEN: may_reopen,
    Act.APPEAL: may_appeal,
    Act.RESTORE: may_restore,
}
