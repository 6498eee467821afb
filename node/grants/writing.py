"""How a role stands in the log: that it was given, and that it ended.

Nobody reads there whose it is: the leaf of what is about a person only commits to it.
"""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from ledger.encoding import Json, canonical
from ledger.entry import Event
from node import log
from node.core import Node
from node.models.accounts import GrantRow


def given(node: Node, tx: Session, row: GrantRow, source: UUID) -> None:
    """Write down that a role was given, and what brought it about."""
    public: dict[str, Json] = {
        "expires_at": _instant(row.expires_at),
        "from": _instant(row.from_at),
        "grant": str(row.id),
        "member": str(row.person_id),
        "role": row.role,
        "scope": _scope(row),
        "source": str(source),
    }
    _write(node, tx, "grant.given", None, public)


def ended(node: Node, tx: Session, row: GrantRow, by: UUID) -> None:
    """Write down that somebody ended a role before its time."""
    public: dict[str, Json] = {"grant": str(row.id), "source": str(by)}
    _write(node, tx, "grant.ended", str(by), public)


def _write(
    node: Node, tx: Session, kind: str, actor: str | None, public: dict[str, Json]
) -> None:
    at = _instant(node.now())
    log.event(node, tx, Event(kind=kind, at=at, actor=actor, public=public))


def _instant(at: datetime) -> str:
    text = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _scope(row: GrantRow) -> str:
    parts: dict[str, Json] = {
        "areas": row.areas,
        "clearance": row.clearance,
        "teams": row.teams or "all",
        "topics": row.topics,
    }
    return "sha256:" + sha256(canonical(parts)).hexdigest()
