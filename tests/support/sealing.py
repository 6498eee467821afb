"""Saying things the way a use case does: sealed, waited for, and with a receipt."""

from dataclasses import dataclass
from uuid import UUID

from ledger.entry import Role
from node import log
from node.core import Node
from node.ids import new_id
from node.log import Saying


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An entry that somebody was given the receipt of."""

    oid: int
    index: int
    receipt: bytes


def acknowledge(node: Node, case_id: UUID | None = None) -> Acknowledged:
    """Seal one more thing in a case, or in a new one, and wait for its receipt."""
    beginning, case_id = case_id is None, case_id or new_id(node)
    with node.begin(sealed=True) as tx:
        chain = (log.open_chain if beginning else log.chain)(node, tx, case_id)
        fields = {"text": "x" * 200, "channel": "api"}
        seq = chain.say(Saying(kind="submission", role=Role.GUEST, fields=fields))
        ticket = chain.write()
    sealed = log.wait(node, ticket)
    with node.read() as tx:
        receipt = log.receipt(node, tx, case_id, seq)
    if sealed is None or receipt is None:
        raise RuntimeError("no receipt for what was acknowledged")
    return Acknowledged(ticket.oid, sealed.index, receipt)
