"""Sorting a case again: what a rule or somebody made of it, a person puts right.

It moves nothing: the case stays where it is, with whoever has it. What is promised
may come sooner by it and never later.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from governance import cases as rules
from governance.access import Field
from governance.assignments import Candidate, Exclusion, Matter, exclusion
from governance.cases import (
    Act,
    DeadlineSource,
    Kind,
    Part,
    Priority,
    Sensitivity,
    State,
)
from governance.errors import NotYours, WrongState
from governance.rubric import Finding
from node import log, teams, vault, walls
from node.accounts.visitor import Visitor, grants_of
from node.cases import reads, tagging
from node.cases.hand import Hand, attested, pick_up, role_of
from node.cases.triage import TriageChoice, called_for, queue, with_deadline, write
from node.cases.triage_next import Lane, told
from node.core import Node
from node.log import Saying, Ticket

_VERB = rules.verb(Act.TRIAGE)
#: For whom a case would be closed that they have.
_OUT_OF_REACH = frozenset({Exclusion.SCOPE, Exclusion.CLEARANCE})
#: While somebody can still do something else with it.
AGAIN = frozenset(
    {
        State.QUEUED,
        State.ASSIGNED,
        State.WORKING,
        State.WAITING_MEMBER,
        State.WAITING_OTHER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A case as it is sorted now, for whoever may sort it again."""

    reference: str
    title: str
    story: str
    wanted: str
    kind: Kind
    topic: str
    priority: Priority | None
    area: str | None
    reason: str
    found: frozenset[Finding]
    deadline_on: date | None
    deadline_source: DeadlineSource | None
    language: str
    sensitivity: Sensitivity
    team: UUID | None
    tags: tuple[str, ...]
    #: The rule that sorted it by itself; empty once a person did.
    sorted_by: str
    teams: tuple[Lane, ...]

    @property
    def version(self) -> str:
        """What tells this sorting from every other one of the case."""
        said = (
            self.kind, self.topic, self.priority, self.area, self.reason,
            sorted(self.found), self.deadline_on, self.deadline_source,
            self.language, self.sensitivity, self.team, self.tags, self.sorted_by,
        )  # fmt: skip
        return sha256(repr(said).encode()).hexdigest()[:16]


def look(node: Node, reference: str, *, by: Visitor) -> Sorted:
    """Return how a case is sorted, to whoever may sort it again."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        _require(hand)
        shown, read = _shown(hand), reads.of_case(hand, Field.TRIAGE)
    reads.keep(node, read)
    return shown


def again(
    node: Node, reference: str, choice: TriageChoice, *, by: Visitor, seen: str = ""
) -> Ticket:
    """Sort a case again, where it is; its member reads why.

    With `seen`, the version that was shown, nothing of somebody else is overwritten.
    """
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        _require(hand)
        if seen and seen != _shown(hand).version:
            raise WrongState("Somebody sorted it meanwhile. Look at what they chose.")
        log.require_writable(node)
        choice, team = with_deadline(hand, choice), hand.case.team_id
        before = hand.case.priority, _found(hand)
        write(hand, choice)
        _require_able(hand)
        chain = log.chain(node, tx, hand.case.id)
        state = hand.case.state.value
        fields = {"action": "sorted_again", "from": state, "to": state}
        chain.say(
            Saying(
                kind="status",
                role=role_of(hand, Part.COORDINATOR),
                channel=attested(by),
                fields={**fields, "reason": choice.reason.strip()},
                facts={"method": by.kind},
            )
        )
        ticket = queue(hand, chain, offers=team != hand.case.team_id)
        # Who was called for this is not called for it again.
        if before != (choice.priority, choice.found):
            called_for(hand, choice, ticket)
        return ticket


def _require(hand: Hand) -> None:
    if not hand.may(_VERB):
        raise NotYours(
            "To sort a case is for those it was given to, and not its member."
        )
    if hand.case.state not in AGAIN:
        raise WrongState("A case is sorted again while somebody can still work on it.")


def _require_able(hand: Hand) -> None:
    # What is sorted elsewhere may be out of the scope of whoever has it.
    case, who = hand.case, hand.case.responsible_id
    if who is None:
        return
    now = hand.node.now()
    candidate = Candidate(person=who, grants=grants_of(hand.tx, who, at=now))
    matter = Matter(
        walls=walls.of(hand.tx, case),
        topic=case.topic,
        area=case.area or "none",
        sensitivity=case.sensitivity or Sensitivity.NORMAL,
        team=str(case.team_id) if case.team_id else None,
    )
    if exclusion(candidate, matter, rules=hand.bylaws, at=now) in _OUT_OF_REACH:
        raise WrongState(
            "Whoever has it could not work on it then. Have it given back first."
        )


def _found(hand: Hand) -> frozenset[Finding]:
    place = vault.Place("case", "rubric", hand.case.id)
    return frozenset(
        map(Finding, vault.words(hand.key(), place, hand.case.rubric).split())
    )


def _shown(hand: Hand) -> Sorted:
    case, key = hand.case, hand.key()
    story, wanted = told(hand, key)

    def words(column: str, sealed: bytes | None) -> str:
        return vault.words(key, vault.Place("case", column, case.id), sealed)

    return Sorted(
        reference=case.reference,
        title=words("title", case.title),
        story=story,
        wanted=wanted,
        kind=case.kind,
        topic=case.topic,
        priority=case.priority,
        area=case.area,
        reason="" if case.sorted_by else words("priority_reason", case.priority_reason),
        found=_found(hand),
        deadline_on=case.deadline_on,
        deadline_source=case.deadline_source,
        language=case.language,
        sensitivity=case.sensitivity or Sensitivity.NORMAL,
        team=case.team_id,
        tags=tagging.of(hand),
        sorted_by=case.sorted_by or "",
        teams=tuple(Lane(id=it.id, name=it.name) for it in teams.open_ones(hand.tx)),
    )
