"""What a member agreed to for one case: given in their words, taken back at once."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from governance.cases import LIVE, Act, Outcome
from governance.consent import HELD, Purpose
from governance.errors import ChoiceInvalid, ConsentMissing, NotFound, NotYours
from governance.joins import scope_of
from node import (
    agreeing,
    handovers,
    log,
    notices,
    pledges,
    proofs,
    published,
    retention,
)
from node.accounts.visitor import Visitor
from node.cases import consents, joined
from node.cases.hand import Hand, agreed, pick_up
from node.cases.moving import Step, move
from node.consent_records import Line
from node.consent_texts import TEXTS
from node.core import Node
from node.intake import Audience
from node.log import Chain, Ticket
from node.models.consent import Consent

#: What can be agreed to as yet, and with whom.
_OFFERED: dict[Purpose, frozenset[str]] = {
    Purpose.HANDLE_CASE: frozenset(Audience),
    Purpose.CONTACT_CASE: frozenset({""}),
    #: That others may join: with whom, whoever joins a matter says by joining.
    Purpose.JOIN_COLLECTIVE: frozenset({""}),
}


def offered(records: Iterable[Line]) -> list[tuple[Purpose, str, str]]:
    """Return what can be agreed to now: for what, with whom, and in which words."""
    held = {(one.purpose, one.recipient) for one in records if one.held}
    return [
        (purpose, recipient, TEXTS[purpose])
        for purpose, recipients in _OFFERED.items()
        for recipient in sorted(recipients)
        if (purpose, recipient) not in held
    ]


def give(
    node: Node, reference: str, purpose: Purpose, recipient: str, *, by: Visitor
) -> Ticket:
    """Write down that the member agrees to something; it replaces what was before."""
    if recipient not in _OFFERED.get(purpose, frozenset()):
        raise ChoiceInvalid("This is nothing one can agree to here.")
    with node.begin(sealed=True) as tx:
        hand = _own(node, tx, reference, by)
        proofs.require(hand)
        chain = log.chain(node, tx, hand.case.id)
        consents.end(hand, chain, _replaced(hand, purpose))
        agreeing.agree(hand, chain, purpose, recipient)
        return chain.write()


def revoke(node: Node, reference: str, consent_id: UUID, *, by: Visitor) -> Ticket:
    """Take back one thing the member agreed to, at once.

    Without consent to handle a case nobody may work on it, so it is taken back too.
    """
    with node.begin(sealed=True) as tx:
        hand = _own(node, tx, reference, by)
        row = tx.get(Consent, consent_id, with_for_update=True)
        if row is None or row.case_id != hand.case.id:
            raise NotFound("There is no such consent here.")
        chain = log.chain(node, tx, hand.case.id)
        if row.state not in HELD:
            return log.ticket(tx, hand.case.id, chain.next_seq - 1)
        _revoke(hand, chain, row)
        if row.purpose is Purpose.PUBLISH:
            published.ended(node, tx, hand.case)
        if row.purpose is Purpose.CONTACT_CASE:
            notices.cancel(tx, hand.case.id)
        if row.purpose is Purpose.SHARE_WITH_NODE:
            handovers.taken_back(hand, chain)
        if row.purpose is Purpose.HANDLE_CASE and hand.case.state in LIVE:
            step = Step(act=Act.WITHDRAW, outcome=Outcome.WITHDRAWN)
            move(hand, chain, step)
            pledges.void(tx, hand.case, at=node.now())
        if row.purpose is Purpose.KEEP_AFTER_CLOSE:
            retention.begin(node, tx, hand.case)
        if row.purpose is Purpose.HANDLE_CASE:
            hand.case.open_to_advocates = False
        return chain.write()


def _revoke(hand: Hand, chain: Chain, row: Consent) -> None:
    if row.purpose is Purpose.JOIN_COLLECTIVE and _is_joining(row.recipient):
        # Who does not go on with others is not counted or named among them either.
        joined.leave(hand, chain)
    else:
        consents.end(hand, chain, [row])


def _is_joining(recipient: str | None) -> bool:
    return bool(recipient) and scope_of(recipient or "") is None


def _replaced(hand: Hand, purpose: Purpose) -> list[Consent]:
    held = consents.held(hand, purpose)
    if purpose is Purpose.JOIN_COLLECTIVE:
        return [row for row in held if not row.recipient]
    return held


def renew(hand: Hand, chain: Chain) -> None:
    """Let a case that its member brings back be worked on again.

    Whoever asks for more work on their own case agrees to it by that; nobody else can.
    """
    if agreed(hand.tx, hand.case.id, Purpose.HANDLE_CASE, at=hand.node.now()):
        return
    if not hand.own:
        raise ConsentMissing("The member took back that anybody may work on this.")
    agreeing.agree(hand, chain, Purpose.HANDLE_CASE, Audience.ASSIGNED.value)


def _own(node: Node, tx: Session, reference: str, by: Visitor) -> Hand:
    hand = pick_up(node, tx, reference, by)
    if not hand.own:
        raise NotYours("Only its member decides who may see a case.")
    log.require_writable(node)
    return hand
