"""Who can decide about a wall, who can appeal, and where it stands."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from governance import walls as rules
from governance.walls import Cause
from node import vault, walls
from node.cases.hand import Hand
from node.models.walls import Wall

_DECIDE = "wall.decide"
#: No preset says who hears an appeal about a wall; this is for stewards alone.
_HEAR = "node.block"
#: No preset gives walls a time of their own: it is the floor's for every appeal.
APPEAL_WITHIN = timedelta(days=14)

Stage = Literal["decide", "appeal", "stands"]


def stage_of(row: Wall) -> Stage:
    """Say where a wall stands: to be decided, under appeal, or settled."""
    if row.appealed_at is not None:
        return "appeal"
    return "stands" if row.decided_at or row.raised_by is None else "decide"


def may_decide(hand: Hand, row: Wall, stage: Stage) -> bool:
    """Say whether whoever looks can decide about a wall now."""
    me = hand.by.person_id
    if me is None or hand.by.kind != "member":
        return False
    around = walls.of(hand.tx, hand.case)
    if not rules.may_decide(me, row.person_id, row.raised_by, around):
        return False
    if stage == "appeal":
        # Nobody hears an appeal against what they decided.
        return row.decided_by != me and hand.may(_HEAR)
    return hand.may(_DECIDE) and hand.may("case.read")


def may_appeal(hand: Hand, row: Wall) -> bool:
    """Say whether whoever looks can ask a steward to look at a wall again."""
    if row.lifted_at is None or row.appealed_at is not None:
        return False
    late = hand.node.now() > row.lifted_at + APPEAL_WITHIN
    mine = hand.own if row.cause is Cause.VETO else row.raised_by == hand.by.person_id
    return mine and not late


def place(id_: UUID) -> vault.Place:
    """Return where the words of a wall are bound to."""
    return vault.Place("wall", "reason", id_)
