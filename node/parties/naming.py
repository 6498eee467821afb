"""Naming somebody: the member does, or agrees to whom the desk proposes, and ends it.

Whoever the member wants in the case is asked by mail, and keeps away from the desk's
side of it from then on, whatever they answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance import parties as rules
from governance.cases import Part, State
from governance.errors import ChoiceInvalid, NotFound, NotYours, WrongState
from governance.parties import Ending, Standing
from governance.people import ContactKind
from governance.retention import CaseRests
from ledger.entry import Role as Sealed
from node import log, people, proofs, threads, throttle, vault
from node.accounts.visitor import Visitor
from node.cases import conflicts, partied, sealing
from node.cases.hand import Hand, pick_up, role_of
from node.cases.moving import LINKS_LAST
from node.core import Node
from node.models.parties import Party
from node.models.people import ContactPoint
from node.people import Newcomer

#: As long as the part of a link that names a case.
_LINK = 12
_OVER = frozenset({State.DISCARDED, State.ERASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom somebody names, as what, and what they may see."""

    #: Chosen by the form or the program, so that sending twice names once.
    id: UUID
    name: str
    contact: str
    role: str
    fields: tuple[str, ...] = ()
    #: The network block it came from, for the throttle only; never stored.
    source: str = ""


def name(node: Node, reference: str, whom: Named, *, by: Visitor) -> None:
    """Name somebody as the case's member: they are asked whether they want it."""
    with node.begin(sealed=True) as tx:
        hand = _own(pick_up(node, tx, reference, by))
        proofs.require(hand)
        if _again(hand, whom):
            return
        row = _keep(hand, whom)
        _agree(hand, row)


def propose(node: Node, reference: str, whom: Named, *, by: Visitor) -> None:
    """Propose somebody as who works on the case; its member says yes first, or no."""
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if hand.own or not hand.may("case.reply"):
            raise NotYours("To propose somebody is for who works on the case.")
        if _again(hand, whom):
            return
        _keep(hand, whom)
        ticket = sealing.say(hand, Sealed.ADVOCATE, "party.propose")
        threads.reach(hand, "party.proposed", ticket.oid)


def agree(node: Node, reference: str, id_: UUID, *, by: Visitor) -> None:
    """Say yes, as the member, to whom the desk proposes. Safe twice."""

    def act(hand: Hand, row: Party) -> None:
        if rules.standing(row) is Standing.PROPOSED:
            proofs.require(hand)
            _agree(hand, row)

    _on(node, reference, id_, by, act)


def refuse(node: Node, reference: str, id_: UUID, *, by: Visitor) -> None:
    """Say no, as the member, to whom the desk proposes: they are not asked."""

    def act(hand: Hand, row: Party) -> None:
        if rules.standing(row) is Standing.PROPOSED:
            over(row, Ending.REFUSED, at=node.now())
            sealing.say(hand, role_of(hand, Part.MEMBER), "party.refuse")

    _on(node, reference, id_, by, act)


def end(node: Node, reference: str, id_: UUID, *, by: Visitor) -> None:
    """End it with somebody, as the member: at once, whatever they do just then."""

    def act(hand: Hand, row: Party) -> None:
        if row.ended_at is not None:
            return
        over(row, Ending.REMOVED, at=node.now())
        conflicts.forget_notices(hand.tx, hand.case.id, [row.person_id])
        ticket = sealing.say(hand, role_of(hand, Part.MEMBER), "party.end")
        if row.agreed_at is not None:
            partied.tell(hand, row, "party.ended", ticket.oid)

    _on(node, reference, id_, by, act)


def over(row: Party, how: Ending, *, at: datetime) -> None:
    """End it with a party; their link opens nothing from now on."""
    row.ended_at, row.ending = at, how


def _on(
    node: Node,
    reference: str,
    id_: UUID,
    by: Visitor,
    act: Callable[[Hand, Party], None],
) -> None:
    with node.begin(sealed=True) as tx:
        hand = _own(pick_up(node, tx, reference, by))
        row = tx.get(Party, id_, with_for_update=True)
        if row is None or row.case_id != hand.case.id:
            raise NotFound("There is nobody like this in the case.")
        act(hand, row)


def _own(hand: Hand) -> Hand:
    if not hand.own:
        raise NotYours("Only its member says who is in a case.")
    log.require_writable(hand.node)
    return hand


def _again(hand: Hand, whom: Named) -> bool:
    row = hand.tx.get(Party, whom.id)
    if row is not None and row.case_id != hand.case.id:
        raise NotFound("There is nobody like this in the case.")
    return row is not None


def _keep(hand: Hand, whom: Named) -> Party:
    node, tx, case = hand.node, hand.tx, hand.case
    _check_lives(hand)
    named, role = rules.check_name(whom.name), rules.role(whom.role)
    fields = rules.shares(whom.fields)
    there = [row for row in partied.rows(tx, case.id) if row.ended_at is None]
    rules.check_room(len(there))
    person_id = _person(hand, whom, there)
    row = Party(
        id=whom.id,
        case_id=case.id,
        person_id=person_id,
        role=role,
        fields=" ".join(fields),
        name=vault.seal(node, hand.key(), partied.place(whom.id), named),
        link=node.dice(_LINK),
        named_at=node.now(),
        named_by=hand.by.person_id or case.member_id,
    )
    tx.add(row)
    tx.flush()
    return row


def _person(hand: Hand, whom: Named, there: list[Party]) -> UUID:
    """Keep how they are reached, as a person of this case alone."""
    node, tx, member = hand.node, hand.tx, hand.case.member_id
    found = people.contact(whom.contact)
    _check_asked(node, by_mail=found.kind is ContactKind.EMAIL)
    digest = people.digest(node, found)
    taken = {member} | {row.person_id for row in there}
    points = tx.query(ContactPoint.id).filter(
        ContactPoint.person_id.in_(taken), ContactPoint.digest == digest
    )
    if points.first() is not None:
        raise ChoiceInvalid("This address is in the case already.", field="contact")
    throttle.count(node, tx, "message.contact", digest.hex(), whom.source)
    language = hand.case.language
    return people.add(node, tx, Newcomer(language=language, contact=found))


def _check_asked(node: Node, *, by_mail: bool) -> None:
    if node.mail is None or not by_mail:
        problem = "We ask them by mail, so give their e-mail address."
        raise ChoiceInvalid(problem, field="contact")


def _check_lives(hand: Hand) -> None:
    # Nobody is asked by a link that would open nothing.
    case, now = hand.case, hand.node.now()
    if case.restricted_at is not None:
        raise CaseRests("Let your case go on before somebody is asked into it.")
    closed = case.closed_at if case.state is State.CLOSED else None
    late = closed is not None and now >= closed + LINKS_LAST
    if case.state in _OVER or late:
        raise WrongState("Nobody works on this case any more.")


def _agree(hand: Hand, row: Party) -> None:
    _check_lives(hand)
    _check_asked(hand.node, by_mail=True)
    row.agreed_at = hand.node.now()
    hand.tx.flush()
    ticket = sealing.say(hand, role_of(hand, Part.MEMBER), "party.name")
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    if conflicts.party(hand, chain, row.person_id):
        chain.write()
    partied.tell(hand, row, "party.asked", ticket.oid)
