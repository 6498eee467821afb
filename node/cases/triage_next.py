"""What triage sees of a case: the matter, and nothing about who it is.

Where the community's own rules have triage see the person, that stands beside it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select

from governance.access import Field
from governance.cases import State
from governance.errors import Denied
from governance.intake import Identity
from governance.predicates import Resource
from governance.suggesting import Suggestion
from node import governance, people, suggesting, teams, vault, walls
from node.accounts.visitor import Visitor
from node.cases import reads
from node.cases.hand import Hand
from node.core import Node
from node.models.accounts import Account
from node.models.cases import Case
from node.models.people import Person
from node.models.submissions import Claim, Piece, Submission
from node.paging import count

#: What was told first comes first, and before the parts that were made of it.
_ORDER = (
    Case.received_at,
    exists().where(Piece.case_id == Case.id).correlate(Case),
    Case.id,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The person behind a case, where the community has triage see them."""

    name: str
    identity: Identity
    #: Whether they have an account here.
    member: bool
    place: str
    #: How many cases of theirs came before.
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A team that triage can choose."""

    id: UUID
    name: str


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
    #: How many wait for triage, this one included; counted as lists are.
    waiting: int
    teams: tuple[Lane, ...] = ()
    #: What the community's words suggest; nothing where none do.
    suggestion: Suggestion | None = None
    #: Nobody where the community's rules have triage blind.
    known: Known | None = None


def triage_next(node: Node, *, by: Visitor) -> TriageItem | None:
    """Return the case that has waited longest for triage; None when none waits."""
    with node.read() as tx:
        bylaws = governance.in_force(node, tx)
        who = governance.subject(by)
        if not governance.may(bylaws, who, "case.triage", Resource(), at=node.now()):
            raise Denied("Triage is for those it was given to.", rules=("silence",))
        waiting = (Case.state == State.RECEIVED, walls.open_to(by))
        case = tx.scalar(select(Case).where(*waiting).order_by(*_ORDER).limit(1))
        if case is None:
            return None
        waits = count(tx, select(Case.id).where(*waiting))
        hand = Hand(node, tx, case, by, bylaws)
        item, look = _item(hand, waits), reads.of_case(hand, Field.TRIAGE)
    reads.keep(node, look)
    return item


def told(hand: Hand, key: bytes) -> tuple[str, str]:
    """Return what was told first, and what would put it right."""
    submission, wanted = hand.tx.execute(
        select(Submission, Claim.wanted)
        .outerjoin(Claim, Claim.case_id == Submission.case_id)
        .where(Submission.case_id == hand.case.id)
        .order_by(Submission.received_at)
        .limit(1)
    ).one()
    story = vault.Place("submission", "text", submission.id)
    return (
        vault.words(key, story, submission.text),
        vault.words(key, vault.Place("claim", "wanted", hand.case.id), wanted),
    )


def _item(hand: Hand, waiting: int) -> TriageItem:
    case, key = hand.case, hand.key()
    story, wanted = told(hand, key)
    return TriageItem(
        reference=case.reference,
        title=vault.words(key, vault.Place("case", "title", case.id), case.title),
        story=story,
        wanted=wanted,
        topic=case.topic,
        area=case.area,
        placed=case.place is not None,
        language=case.language,
        channel=case.channel.value,
        caution=case.caution,
        received_at=case.received_at,
        waiting=waiting,
        teams=tuple(
            Lane(id=team.id, name=team.name) for team in teams.open_ones(hand.tx)
        ),
        suggestion=suggesting.suggested(hand.tx, f"{story}\n{wanted}"),
        known=None if hand.bylaws.cases.blind_triage else _known(hand, key),
    )


def _known(hand: Hand, key: bytes) -> Known:
    node, tx, case = hand.node, hand.tx, hand.case
    person = tx.get_one(Person, case.member_id)
    account = select(Account.id).where(Account.person_id == person.id)
    earlier = select(func.count()).where(
        Case.member_id == person.id, Case.received_at < case.received_at
    )
    return Known(
        name=people.name(node, tx, person.id, person.display_name),
        identity=person.identity,
        member=tx.scalar(account) is not None,
        place=vault.words(key, vault.Place("case", "place", case.id), case.place),
        before=tx.scalar(earlier) or 0,
    )
