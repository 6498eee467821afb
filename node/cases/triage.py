"""The short look that puts a case into the queue, blind to who it is.

Whoever triages sees the story and nothing about the person until the priority is
saved; a priority other than normal has a reason the member reads.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import cases as rules
from governance.cases import Act, Kind, Need, Priority, State
from governance.errors import ChoiceInvalid, Denied, ReasonMissing
from governance.predicates import Resource
from node import governance, log, pledges, vault, walls
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, reach
from node.cases.moving import Step, move
from node.core import Node
from node.log import Ticket
from node.models.areas import Area
from node.models.cases import Case
from node.models.submissions import Claim, Submission
from node.topics import STARTER

_RANKS = {priority: rank for rank, priority in enumerate(Priority)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageItem:
    """A case as triage sees it: the matter, and not the person."""

    reference: str
    title: str
    #: Empty once its member erased it: nobody sends an empty one.
    story: str
    wanted: str
    topic: str
    area: str | None
    #: Whether a place was named, which triage does not see.
    placed: bool
    language: str
    channel: str
    caution: str
    received_at: datetime
    #: How many wait for triage, this one included.
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageChoice:
    """What triage decided."""

    kind: Kind
    topic: str
    priority: Priority
    area: str | None
    reason: str = ""


def triage_next(node: Node, *, by: Visitor) -> TriageItem | None:
    """Return the case that has waited longest for triage; None when none waits."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        who = governance.subject(by)
        if not governance.may(bylaws, who, "case.triage", Resource(), at=node.now()):
            raise Denied("Triage is for those it was given to.", rules=("silence",))
        waiting = (Case.state == State.RECEIVED, walls.open_to(by))
        case = tx.scalar(
            select(Case).where(*waiting).order_by(Case.received_at).limit(1)
        )
        if case is None:
            return None
        count = tx.scalar(select(func.count()).select_from(Case).where(*waiting))
        return _item(Hand(node, tx, case, by, bylaws), count or 0)


def _item(hand: Hand, waiting: int) -> TriageItem:
    case, key = hand.case, hand.key()
    submission = hand.tx.scalars(
        select(Submission)
        .where(Submission.case_id == case.id)
        .order_by(Submission.received_at)
        .limit(1)
    ).one()
    wanted = hand.tx.scalar(select(Claim.wanted).where(Claim.case_id == case.id))
    return TriageItem(
        reference=case.reference,
        title=vault.words(key, vault.Place("case", "title", case.id), case.title),
        story=vault.words(
            key, vault.Place("submission", "text", submission.id), submission.text
        ),
        wanted=vault.words(key, vault.Place("claim", "wanted", case.id), wanted),
        topic=case.topic,
        area=case.area,
        placed=case.place is not None,
        language=case.language,
        channel=case.channel.value,
        caution=case.caution,
        received_at=case.received_at,
        waiting=waiting,
    )


def triage(node: Node, reference: str, choice: TriageChoice, *, by: Visitor) -> Ticket:
    """Put a case into the queue as triage decided."""
    with node.begin(sealed=True) as tx:
        hand = reach(node, tx, reference, by, rules.verb(Act.TRIAGE))
        _check(tx, choice)
        case, key = hand.case, hand.key()
        case.kind, case.topic, case.area = choice.kind, choice.topic, choice.area
        case.priority = choice.priority
        case.priority_rank = _RANKS[choice.priority]
        place = vault.Place("case", "priority_reason", case.id)
        reason = choice.reason.strip()
        case.priority_reason = vault.seal(node, key, place, reason) if reason else None
        chain = log.chain(node, tx, case.id)
        step = Step(act=Act.TRIAGE, brings={Need.TRIAGE}, reason=reason)
        move(hand, chain, step)
        pledges.sooner(tx, chain, case, hand.bylaws)
        return chain.write()


def _check(tx: Session, choice: TriageChoice) -> None:
    if choice.topic not in STARTER:
        raise ChoiceInvalid("Choose a topic from the list.")
    if choice.area is not None and tx.get(Area, choice.area) is None:
        raise ChoiceInvalid("Choose a place from the list, or none.")
    if choice.priority is not Priority.NORMAL and not choice.reason.strip():
        raise ReasonMissing("Say why. The member can read it.")
