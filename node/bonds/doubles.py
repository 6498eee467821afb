"""Cases that could be about the same matter, for a person to decide.

Looked through are the newest ones and those the index of words finds, and of both only
what may exist for whoever looks; so neither a number nor the time tells of another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance import doubles as rules
from governance.cases import Act, State, verb
from governance.doubles import Reason, Said
from node import aliases, search, vault, walls
from node.accounts.visitor import Visitor
from node.bonds.listing import MERGE, known
from node.cases.hand import Hand, sees
from node.cases.lists import lines
from node.core import Node
from node.models.bodies import Inquiry
from node.models.cases import Case
from node.models.submissions import Submission
from node.models.vault import ContentKey

#: So many are compared, and so many of those that look alike are shown.
_NEWEST, _FOUND, _SHOWN = 100, 50, 5
#: Of the title's words, so many have to be in another case to be compared with it.
_WORDS = 4
_GONE = (State.DISCARDED, State.ERASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """A case that could be about the same matter."""

    reference: str
    title: str
    state: State
    received_at: datetime
    reasons: tuple[Reason, ...]


def doubles(node: Node, reference: str, *, by: Visitor) -> tuple[Double, ...]:
    """Return the cases that could be the same matter as one, the likeliest first."""
    with node.read() as tx:
        hand = _hand(node, tx, reference, by)
        if hand is None:
            return ()
        title = vault.words(
            hand.key(), vault.Place("case", "title", hand.case.id), hand.case.title
        )
        hidden = walls.hidden_from(tx, by)
    first = rules.folded(title)[:_WORDS]
    ids = search.holding(node, " ".join(first), _FOUND, hidden)
    with node.read() as tx:
        hand = _hand(node, tx, reference, by)
        return _alike(hand, ids) if hand else ()


def _hand(node: Node, tx: Session, reference: str, by: Visitor) -> Hand | None:
    hand = known(node, tx, reference, by)
    return None if hand.own or not hand.may(MERGE) else hand


def _alike(hand: Hand, ids: Sequence[UUID]) -> tuple[Double, ...]:
    tx, newest = hand.tx, select(Case.id).where(walls.open_to(hand.by))
    newest = newest.order_by(Case.received_at.desc(), Case.id).limit(_NEWEST)
    there = or_(Case.id.in_(ids), Case.id.in_(list(tx.scalars(newest))))
    here = (walls.open_to(hand.by), Case.state.not_in(_GONE))
    rows = tx.scalars(select(Case).where(there, *here, Case.id != hand.case.id)).all()
    said = _said(hand, [hand.case, *rows])
    own = said.pop(hand.case.id, None)
    if own is None:
        return ()
    found = [
        (case, rules.reasons(own, said[case.id])) for case in rows if case.id in said
    ]
    alike = [(case, why) for case, why in found if why and _may_know(hand, case)]
    alike.sort(key=lambda it: (-len(it[1]), -it[0].received_at.timestamp(), it[0].id))
    shown = alike[:_SHOWN]
    titles = lines(hand.node, tx, [case for case, _ in shown])
    return tuple(
        Double(
            reference=case.reference,
            title=line.title,
            state=case.state,
            received_at=case.received_at,
            reasons=why,
        )
        for (case, why), line in zip(shown, titles, strict=True)
    )


def _may_know(hand: Hand, case: Case) -> bool:
    other = Hand(hand.node, hand.tx, case, hand.by, hand.bylaws)
    if sees(other):
        return True
    return case.state is State.RECEIVED and other.may(verb(Act.TRIAGE))


def _said(hand: Hand, cases: Sequence[Case]) -> dict[UUID, Said]:
    node, tx = hand.node, hand.tx
    ids = [case.id for case in cases]
    keys = {
        owner: vault.open_key(node, vault.Wrapped("case", owner, epoch, wrapped))
        for owner, epoch, wrapped in tx.execute(
            select(ContentKey.owner, ContentKey.epoch, ContentKey.wrapped).where(
                ContentKey.kind == "case", ContentKey.owner.in_(ids)
            )
        )
    }
    stories = {
        row.case_id: vault.words(
            keys[row.case_id], vault.Place("submission", "text", row.id), row.text
        )
        for row in tx.scalars(select(Submission).where(Submission.case_id.in_(ids)))
        if row.case_id in keys
    }
    asked = _asked(tx, keys)
    mine = aliases.group(tx, hand.case.member_id)
    # Until triage is done nobody learns whose a case is, not even whose else.
    blind = hand.case.state is State.RECEIVED and hand.bylaws.cases.blind_triage
    return {
        case.id: Said(
            topic=case.topic,
            received_at=case.received_at,
            shingles=rules.shingles(stories[case.id]),
            member=None if blind or case.member_id not in mine else min(mine),
            place=" ".join(rules.folded(_place(keys[case.id], case))),
            asked=asked.get(case.id, frozenset()),
        )
        for case in cases
        if case.id in stories
    }


def _asked(tx: Session, keys: Mapping[UUID, bytes]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for row in tx.scalars(select(Inquiry).where(Inquiry.case_id.in_(keys))):
        place = vault.Place("inquiry", "whom", row.id)
        name = " ".join(rules.folded(vault.words(keys[row.case_id], place, row.whom)))
        if name:
            found.setdefault(row.case_id, set()).add(name)
    return found


def _place(key: bytes, case: Case) -> str:
    return vault.words(key, vault.Place("case", "place", case.id), case.place)
