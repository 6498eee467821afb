"""What a part of a message has from the case it was told in: promises, consents, walls.

Promises are copied as they were made, so that nobody gets more time by it.
"""

from dataclasses import dataclass

from sqlalchemy import select

from governance import pledges as promising
from governance.consent import Purpose
from governance.pledges import PledgeKind, Promise
from governance.rules import Bylaws
from node import consent_rows, pledges, vault
from node.cases.hand import Hand
from node.challenges.judging import place as place_of_wall
from node.ids import new_id
from node.log import Chain
from node.models.consent import Consent
from node.models.pledges import Pledge
from node.models.walls import Wall

#: What waits from the moment somebody told it; that we have it, they know already.
_OWED = (PledgeKind.TRIAGE, PledgeKind.FIRST_RESPONSE)
#: What was agreed to for these words, whichever case they are in.
_AGREED = (Purpose.HANDLE_CASE, Purpose.CONTACT_CASE)


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise as it was made, and the bylaws that made it."""

    promise: Promise
    bylaws: Bylaws


def still_owed(hand: Hand) -> list[Owed]:
    """Return what was promised for the words of a case, as it was promised."""
    rows = hand.tx.scalars(
        select(Pledge)
        .where(Pledge.case_id == hand.case.id, Pledge.kind.in_(_OWED))
        .order_by(Pledge.round)
    )
    newest = {row.kind: row for row in rows}
    return [_again(hand, newest[kind]) for kind in _OWED if kind in newest]


def _again(hand: Hand, row: Pledge) -> Owed:
    terms = pledges.terms(hand.node, hand.tx, row)
    promise = Promise(
        kind=row.kind,
        need_minutes=row.need_minutes,
        started_at=row.started_at,
        due_at=promising.due(row, terms.calendar, pauses=terms.pauses),
        rule=row.rule,
        rules=row.rules,
        clock=promising.clock_of(terms.bylaws, row.rule),
        pauses=terms.waits,
        closed_days=row.closed_days,
    )
    return Owed(promise, terms.bylaws)


def agreed(hand: Hand) -> list[Consent]:
    """Return what the member agreed to for these words, and did not take back."""
    return consent_rows.held(hand.tx, hand.case.id, _AGREED)


def wall_off(hand: Hand, chain: Chain) -> None:
    """Put up for a new case every wall of the one in hand, as it stands there."""
    node, tx, key = hand.node, hand.tx, hand.key()
    names = Wall.__table__.columns.keys()
    for old in tx.scalars(select(Wall).where(Wall.case_id == hand.case.id)):
        row = Wall(**{name: getattr(old, name) for name in names})
        row.id, row.case_id = new_id(node), chain.case_id
        if old.reason is not None:
            why = vault.words(key, place_of_wall(old.id), old.reason)
            place = place_of_wall(row.id)
            row.reason = vault.seal(node, chain.content_key, place, why)
        tx.add(row)
    tx.flush()
