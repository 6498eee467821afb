"""A case joins a common matter and goes on with it; or leaves it, whenever it wants.

Its member's consent is the precondition, whoever presses the button. The case stays
theirs: their claim, their words and their promise of a first answer.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from governance.cases import Act, Need, Outcome, verb
from governance.consent import Data, Purpose, Standing
from governance.errors import NoMessage, NotYours, WrongState
from governance.intake import Channel, Identity
from governance.joins import Scope, recipient
from governance.submissions import check_words
from ledger.author import Channel as Attested
from ledger.entry import Role
from node import agreeing, consent_rows, log, proofs
from node.accounts.visitor import Visitor
from node.cases import consents, joined
from node.cases.hand import Hand, pick_up, reach
from node.cases.moving import Step, move
from node.core import Node
from node.ids import new_id
from node.log import Chain, Saying, Ticket
from node.models.people import Person
from node.models.together import CaseJoin
from node.threads import Words, said_before, say, tell
from node.together import marks, matters


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """With which common matter a case goes on, and what its member agrees to."""

    #: Its reference.
    matter: str
    agrees: AbstractSet[Scope] = field(default_factory=frozenset)
    #: Of the desk: that the member was read the words, and said yes to them.
    heard: bool = False
    #: Of the desk: what the member gets to read.
    words: Words | None = None


def join(node: Node, reference: str, joining: Joining, *, by: Visitor) -> Ticket:
    """Let a case go on with a common matter; its own case is closed as joined."""
    if joining.words is not None:
        check_words(joining.words.text)
    with node.begin(sealed=True) as tx:
        hand = reach(node, tx, reference, by, verb(Act.JOIN))
        proofs.require(hand)
        before = None if hand.own else said_before(hand, joining.words)
        if before is not None:
            return before.ticket
        chain = log.chain(node, tx, hand.case.id)
        matter = matters.find(hand, joining.matter)
        _agree(hand, chain, matter.reference, joining)
        named = matter.reference
        consents.require(hand, Purpose.JOIN_COLLECTIVE, named, Data.CASE)
        kind = None if hand.own else _write(hand, chain, joining.words)
        step = Step(act=Act.JOIN, brings={Need.CONSENT}, outcome=Outcome.JOINED)
        move(hand, chain, step)
        row = CaseJoin(
            id=new_id(node),
            case_id=hand.case.id,
            matter_id=matter.id,
            joined_at=node.now(),
        )
        tx.add(row)
        tx.flush()
        marks.grown(node, tx, matter.id)
        ticket = chain.write()
        return tell(hand, kind.kind, ticket) if kind else ticket


def _write(hand: Hand, chain: Chain, words: Words | None) -> Words:
    if words is None:
        raise NoMessage("Write to the member first; nothing ends in silence.")
    say(hand, chain, words, hand.part(Act.JOIN))
    return words


def _agree(hand: Hand, chain: Chain, matter: str, joining: Joining) -> None:
    if not (hand.own or joining.heard):
        return
    for named in _named(matter, joining.agrees):
        if hand.own:
            agreeing.agree(hand, chain, Purpose.JOIN_COLLECTIVE, named)
        else:
            _heard(hand, chain, named)


def _named(matter: str, agrees: Iterable[Scope]) -> Iterator[str]:
    yield recipient(matter)
    yield from (recipient(matter, scope) for scope in Scope if scope in set(agrees))


def _heard(hand: Hand, chain: Chain, named: str) -> None:
    asked = consent_rows.Asked(
        case_id=hand.case.id,
        purpose=Purpose.JOIN_COLLECTIVE,
        recipient=named,
        language=hand.case.language,
        channel=Channel.PHONE,
        captured_by=hand.by.person_id,
    )
    person = hand.tx.get_one(Person, hand.case.member_id)
    proven = person.identity is Identity.VERIFIED
    seq = chain.say(
        Saying(
            kind="consent.give",
            role=Role.MEMBER if proven else Role.GUEST,
            channel=Attested.PHONE,
            facts={"wording": consent_rows.WORDING, "heard": str(hand.by.person_id)},
            fields={"purpose": asked.purpose.value, "recipients": named},
        )
    )
    what = consent_rows.What(
        state=Standing.GIVEN,
        at=hand.node.now(),
        by=hand.case.member_id,
        entry_seq=seq,
    )
    consent_rows.begin(hand.node, hand.tx, asked, what)


def leave(node: Node, reference: str, *, by: Visitor) -> Ticket:
    """Go on with others no more; the case stays closed, and can be opened again.

    Whoever wants theirs taken up alone reopens it, which leaves as well.
    """
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if not hand.own:
            raise NotYours("Only its member leaves what they joined.")
        if joined.joined(tx, hand.case.id) is None:
            raise WrongState("This case goes on with no other.")
        chain = log.chain(node, tx, hand.case.id)
        joined.leave(hand, chain)
        return chain.write()
