"""What a rule of the community sorts by itself, as soon as it is told.

A person looks at everything else, and at this where they want to: what a rule sorted
is marked until somebody sorts it again.
"""

from uuid import UUID

from sqlalchemy import exists, select

from governance import sorting
from governance.cases import Act, Need, Part, Priority, State, verb
from governance.sorting import Message
from governance.suggesting import Suggestion
from node import governance, language, log, suggesting, teams
from node.cases.hand import Hand, by_rule
from node.cases.moving import Step, move
from node.cases.triage import TriageChoice, queue, write
from node.cases.triage_next import told
from node.core import Node
from node.models import threads
from node.models.files import Attachment
from node.topics import UNSORTED


#: Marks a text for the catalogues; it is said in the language of the case.
def _(text: str) -> str:
    return text


#: A case that was told just now, while rules sort by themselves.
JOB = "case.sort"
#: What the node says itself has no evidence beside it: the entry's own words name it.
_REASON = _(
    "Rule %(rule)s of the community sorted this by its words, and no person did: "
    "in turn, as most."
)


def sort(node: Node, case_id: str) -> None:
    """Put a case into the queue of a team by a rule, where one may; once."""
    with node.begin(sealed=True) as tx:
        hand = by_rule(node, tx, UUID(case_id))
        if hand is None or hand.case.state is not State.RECEIVED:
            return
        found = _found(hand)
        choice = _choice(hand, found) if found else None
        if found is None or choice is None or not _may(hand):
            return
        chain = log.chain(node, tx, hand.case.id)
        write(hand, choice)
        hand.case.sorted_by = found.rule
        step = Step(
            act=Act.TRIAGE,
            brings={Need.TRIAGE},
            part=Part.RULE,
            reason=choice.reason,
            taken=found.rule,
        )
        move(hand, chain, step)
        queue(hand, chain)


def _choice(hand: Hand, found: Suggestion) -> TriageChoice | None:
    area, spoken = hand.case.area, language.spoken(hand.case.language)
    team = teams.fitting(teams.open_ones(hand.tx), found.topic, area)
    if team is None:
        return None
    return TriageChoice(
        kind=found.kind,
        topic=found.topic,
        priority=Priority.NORMAL,
        area=area,
        reason=spoken.gettext(_REASON) % {"rule": found.rule},
        team=team,
    )


def _may(hand: Hand) -> bool:
    who, at = governance.SYSTEM, hand.node.now()
    return governance.may(hand.bylaws, who, verb(Act.TRIAGE), hand.what, at=at)


def _found(hand: Hand) -> Suggestion | None:
    case = hand.case
    message = Message(
        text="\n".join(told(hand, hand.key())),
        topic="" if case.topic == UNSORTED else case.topic,
        more=_more(hand),
        caution=case.caution,
        sensitivity=case.sensitivity,
        deadline_on=case.deadline_on,
    )
    return sorting.alone(message, suggesting.now(hand.tx))


def _more(hand: Hand) -> bool:
    mine = hand.case.id
    files = exists().where(Attachment.case_id == mine)
    later = exists().where(threads.Message.case_id == mine)
    return bool(hand.tx.scalar(select(files | later)))
