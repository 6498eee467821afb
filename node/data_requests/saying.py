"""What the ledger has of a request: that it came, its promise, and what became of it.

Each request has a chain of its own. No word of it stands there.
"""

from ledger.author import Channel
from ledger.entry import Role
from node.accounts.visitor import Visitor
from node.log import Chain, Saying
from node.models.data_requests import DataRequest


def act(chain: Chain, row: DataRequest, role: Role, by: Visitor, before: str) -> None:
    """Seal that somebody asked, or answered."""
    chain.say(
        Saying(
            kind="status",
            role=role,
            channel=Channel(by.channel),
            fields={
                "action": f"request.{row.kind}",
                "from": before,
                "to": row.state.value,
            },
            facts={"method": by.kind, "person": str(by.person_id)},
        )
    )


def promise(chain: Chain, row: DataRequest, outcome: str) -> None:
    """Seal what was promised, or that it was missed."""
    due = row.due_at.isoformat()
    fields = {"what": "request", "due": due, "outcome": outcome}
    chain.say(Saying(kind="pledge", role=Role.NODE, fields=fields))
