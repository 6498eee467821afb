"""The promise to acknowledge, kept by the message that says so once it left."""

from uuid import UUID

from governance.pledges import PledgeKind
from node import log, pledges
from node.cases.hand import by_rule
from node.core import Node
from node.models.notices import Notice

_KIND = PledgeKind.ACKNOWLEDGE


def acknowledged(node: Node, notice_id: str) -> None:
    """Write down that a case was acknowledged when a message left. Safe to repeat."""
    with node.begin(sealed=True) as tx:
        notice = tx.get(Notice, UUID(notice_id))
        if notice is None or notice.case_id is None or notice.sent_at is None:
            return
        hand = by_rule(node, tx, notice.case_id, resting=True)
        owed = {one.kind for one in pledges.open_of(tx, notice.case_id)}
        if hand is None or _KIND not in owed:
            return
        log.require_writable(node)
        chain = log.chain(node, tx, hand.case.id)
        before = chain.next_seq
        pledges.meet(tx, chain, hand.case, _KIND, at=notice.sent_at)
        if chain.next_seq > before:
            chain.write()
