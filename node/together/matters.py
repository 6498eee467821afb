"""Common matters: cases that others can join, and what they read of one before.

Others read the desk's words about it and a number, never the words of the case.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select

from governance.cases import Act, verb
from governance.consent import Data, Purpose
from governance.errors import NotFound, NotYours, WordsTooLong, WrongState
from governance.joins import JOINABLE, LONGEST
from governance.submissions import check_words
from node import aliases, governance, log, vault, walls
from node.accounts.visitor import Visitor
from node.cases import consents
from node.cases.hand import Hand, as_given_out, attested, pick_up, role_of
from node.core import Node
from node.log import Saying, Ticket
from node.models.cases import Case
from node.models.consent import Consent
from node.models.together import CommonMatter

#: Whoever may say that a case joins another opens what is joined, too.
OPEN = verb(Act.JOIN)
#: So many are offered to somebody, those of their topic first.
_OFFERED = 20


def open_matter(node: Node, reference: str, about: str, *, by: Visitor) -> Ticket:
    """Let others join a case, with its member's consent; say what it is about."""
    check_words(about)
    if len(about) > LONGEST:
        raise WordsTooLong(f"Say it in at most {LONGEST} characters.")
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        _require_may(hand)
        if hand.case.state not in JOINABLE:
            raise WrongState("Others join a case that somebody works on or will.")
        consents.require(hand, Purpose.JOIN_COLLECTIVE, "", Data.CASE)
        chain = log.chain(node, tx, hand.case.id)
        fields = {"action": "common", "from": "", "to": "", "reason": about}
        role = role_of(hand, hand.part(Act.JOIN))
        channel = attested(by)
        chain.say(Saying(kind="status", role=role, channel=channel, fields=fields))
        _keep(hand, about)
        return chain.write()


def _require_may(hand: Hand) -> None:
    who, at = governance.subject(hand.by), hand.node.now()
    if hand.own:
        raise NotYours("Whether others join it, the desk says; you agree to it.")
    governance.require(hand.bylaws, who, OPEN, hand.what, at=at)


def _keep(hand: Hand, about: str) -> None:
    place = vault.Place("common_matter", "about", hand.case.id)
    sealed = vault.seal(hand.node, hand.key(), place, about)
    row = hand.tx.get(CommonMatter, hand.case.id)
    if row is None:
        row = CommonMatter(
            case_id=hand.case.id,
            opened_by=hand.by.person_id,
            opened_at=hand.node.now(),
            about=sealed,
        )
        hand.tx.add(row)
    row.about = sealed
    hand.tx.flush()


def about(hand: Hand) -> str:
    """Return what others read of a case that is a common matter; else nothing."""
    row = hand.tx.get(CommonMatter, hand.case.id)
    if row is None:
        return ""
    place = vault.Place("common_matter", "about", hand.case.id)
    return vault.words(hand.key(), place, row.about)


def open_ones(hand: Hand) -> list[Case]:
    """Return the common matters that a case could join, those of its topic first."""
    rows = hand.tx.scalars(
        _joinable(hand)
        .order_by(Case.topic != hand.case.topic, CommonMatter.opened_at.desc(), Case.id)
        .limit(_OFFERED)
    )
    return [case for case in rows if not _apart(hand, case)]


def find(hand: Hand, reference: str) -> Case:
    """Return the common matter with a reference, if this case could join it.

    One that is hidden from whoever asks is none, and so is one hidden from the member.
    """
    known = as_given_out(reference)
    case = hand.tx.scalar(_joinable(hand).where(Case.reference == known))
    if case is None or _apart(hand, case):
        raise NotFound("There is no such common matter here.")
    return case


def _joinable(hand: Hand) -> Select[Case]:
    return (
        select(Case)
        .join(CommonMatter, CommonMatter.case_id == Case.id)
        .where(
            Case.state.in_(JOINABLE),
            Case.member_id.not_in(aliases.group(hand.tx, hand.case.member_id)),
            walls.open_to(hand.by),
            _may_be_joined(hand.node.now()),
        )
    )


def _may_be_joined(now: datetime) -> ColumnElement[bool]:
    agreed = exists().where(
        Consent.case_id == Case.id,
        Consent.purpose == Purpose.JOIN_COLLECTIVE,
        Consent.recipient.is_(None),
        Consent.given_at <= now,
        Consent.withdrawn_at.is_(None),
        or_(Consent.valid_until.is_(None), Consent.valid_until > now),
    )
    return agreed.correlate(Case)


def _apart(hand: Hand, matter: Case) -> bool:
    # Nobody is led to a case that must not exist for them, by whoever joins them to it.
    return walls.hides(hand.tx, matter.id, hand.case.member_id)
