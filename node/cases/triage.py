"""The short look that puts a case into the queue, blind to who it is.

Whoever triages sees the story and nothing about the person until the priority is
saved; a priority other than normal has a reason the member reads.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance import cases as rules
from governance import rubric
from governance.cases import (
    Act,
    DeadlineSource,
    Kind,
    Need,
    Priority,
    Sensitivity,
)
from governance.errors import ChoiceInvalid, ReasonMissing
from governance.intake import check_language
from governance.rubric import Finding
from governance.tags import check
from node import jobs, log, pledges, suggesting, teams, vault
from node.accounts.visitor import Visitor
from node.cases import conflicts, tagging
from node.cases.hand import Hand, reach
from node.cases.moving import Step, move
from node.cases.triage_next import told
from node.core import Node
from node.log import Chain, Ticket
from node.models.areas import Area
from node.topics import STARTER

#: What a case in the queue of a team waits for: an offer by the team's method.
OFFER = "assignment.offer"
#: Somebody is in danger: who is on call hears of it at once, or who shares it out.
DANGER = "case.danger"
#: It is urgent without that: who is on call hears of it.
URGENT = "case.urgent"
_RANKS = {priority: rank for rank, priority in enumerate(Priority)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageChoice:
    """What triage decided."""

    kind: Kind
    topic: str
    priority: Priority
    area: str | None
    reason: str = ""
    #: What was found in it: the answers that suggest a priority.
    found: frozenset[Finding] = frozenset()
    #: Until when somebody has to act by law, and where it says so: both or neither.
    deadline_on: date | None = None
    deadline_source: DeadlineSource | None = None
    #: Empty: as it was told.
    language: str = ""
    sensitivity: Sensitivity = Sensitivity.NORMAL
    #: None: the one that topic and place lead to.
    team: UUID | None = None
    #: The rule whose suggestion was taken over, with its version; or empty.
    rule: str = ""
    #: Short words for it, as they were typed.
    tags: tuple[str, ...] = ()


def triage(node: Node, reference: str, choice: TriageChoice, *, by: Visitor) -> Ticket:
    """Put a case into the queue as triage decided."""
    with node.begin(sealed=True) as tx:
        hand = reach(node, tx, reference, by, rules.verb(Act.TRIAGE))
        choice = with_deadline(hand, choice)
        write(hand, choice)
        chain = log.chain(node, tx, hand.case.id)
        taken, reason = _taken(hand, choice), choice.reason.strip()
        step = Step(act=Act.TRIAGE, brings={Need.TRIAGE}, reason=reason, taken=taken)
        move(hand, chain, step)
        ticket = queue(hand, chain)
        called_for(hand, choice, ticket)
        return ticket


def write(hand: Hand, choice: TriageChoice) -> None:
    """Write down in the case's row what was decided, if it can be that."""
    node, case, key = hand.node, hand.case, hand.key()
    _check(hand.tx, choice)
    case.kind, case.topic, case.area = choice.kind, choice.topic, choice.area
    case.priority, case.sensitivity = choice.priority, choice.sensitivity
    case.deadline_on, case.deadline_source = choice.deadline_on, choice.deadline_source
    case.language = choice.language or case.language
    case.team_id = _team(hand.tx, choice)
    case.priority_rank = _RANKS[choice.priority]
    place, reason = vault.Place("case", "priority_reason", case.id), choice.reason
    sealed = vault.seal(node, key, place, reason.strip()) if reason.strip() else None
    case.priority_reason, case.sorted_by = sealed, None
    tagging.keep(hand, check(choice.tags))
    found = vault.Place("case", "rubric", case.id)
    case.rubric = vault.seal(node, key, found, " ".join(sorted(choice.found)))


def queue(hand: Hand, chain: Chain, *, offers: bool = True) -> Ticket:
    """Let follow what follows once a case is sorted; return its ticket."""
    pledges.sooner(hand.tx, chain, hand.case, hand.bylaws)
    conflicts.look(hand, chain)
    if offers:
        offer_again(hand)
    return chain.write()


def called_for(hand: Hand, choice: TriageChoice, ticket: Ticket) -> None:
    """Have those called who are to hear at once of danger, or of what is urgent."""
    danger = Finding.DANGER in choice.found
    if danger or choice.priority is Priority.URGENT:
        now, why = hand.node.now(), DANGER if danger else URGENT
        about = jobs.Asked(why, finding(hand.case.id, now), now, ticket.oid)
        jobs.put(hand.node, hand.tx, about)


def finding(case_id: UUID, at: datetime) -> str:
    """Return what names a finding in a case: it is called for once, and by itself."""
    return f"{case_id}/{at.isoformat()}"


def offer_again(hand: Hand) -> None:
    """Have a case that waits in its team's queue offered to somebody."""
    node, case = hand.node, hand.case
    if case.team_id is not None:
        once = f"{OFFER}/{case.id}/{node.now().isoformat()}"
        asked = jobs.Asked(OFFER, str(case.id), node.now(), None, once)
        jobs.put(node, hand.tx, asked)


def with_deadline(hand: Hand, choice: TriageChoice) -> TriageChoice:
    """Return a choice with what its deadline's day says of it."""
    today = hand.node.now().astimezone(hand.bylaws.calendar.zone).date()
    found = rubric.with_deadline(choice.found, choice.deadline_on, today=today)
    return replace(choice, found=found)


def _check(tx: Session, choice: TriageChoice) -> None:
    if choice.topic not in STARTER:
        raise ChoiceInvalid("Choose a topic from the list.")
    if choice.area is not None and tx.get(Area, choice.area) is None:
        raise ChoiceInvalid("Choose a place from the list, or none.")
    if (choice.deadline_on is None) != (choice.deadline_source is None):
        raise ChoiceInvalid(
            "Say the day of the deadline and where it says so, or neither.",
            field="deadline_source" if choice.deadline_on else "deadline_on",
        )
    if choice.language:
        check_language(choice.language)
    needed = rubric.needs_reason(choice.priority, choice.found)
    if needed and not choice.reason.strip():
        raise ReasonMissing("Say why. The member can read it.")


def _taken(hand: Hand, choice: TriageChoice) -> str:
    """Return the rule whose suggestion this is; nothing where somebody left it."""
    if not choice.rule:
        return ""
    found = suggesting.suggested(hand.tx, "\n".join(told(hand, hand.key())))
    chosen = (choice.rule, choice.topic, choice.kind)
    mine = found is not None and (found.rule, found.topic, found.kind) == chosen
    return choice.rule if mine else ""


def _team(tx: Session, choice: TriageChoice) -> UUID | None:
    known = teams.open_ones(tx)
    if choice.team is None:
        return teams.fitting(known, choice.topic, choice.area)
    if choice.team not in {team.id for team in known}:
        raise ChoiceInvalid("Choose a team from the list.", field="team")
    return choice.team
