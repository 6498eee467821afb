"""The words of a request: sealed under the key of its chain, and opened again."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance import data_requests as rules
from node import vault
from node.core import Node
from node.data_requests.shapes import Line, Request
from node.models.data_requests import DataRequest


def seal(node: Node, key: bytes, id_: UUID, column: str, words: str) -> bytes:
    """Return the cell for some words of a request."""
    return vault.seal(node, key, vault.Place("data_request", column, id_), words)


def _open(key: bytes | None, row: DataRequest, column: str) -> str:
    place = vault.Place("data_request", column, row.id)
    return vault.words(key, place, getattr(row, column)) if key else ""


def line(node: Node, row: DataRequest) -> Line:
    """Return a request without a word of it."""
    return Line(
        id=row.id,
        kind=row.kind,
        purpose=row.purpose,
        state=row.state,
        received_at=row.received_at,
        due_at=row.due_at,
        late=rules.is_late(row.due_at, row.settled_at, at=node.now()),
        settled_at=row.settled_at,
    )


def request(node: Node, tx: Session, row: DataRequest) -> Request:
    """Return a request with all its words."""
    key, known = vault.key_of(node, tx, "case", row.id), line(node, row)
    return Request(
        **{name: getattr(known, name) for name in Line.__dataclass_fields__},
        words=_open(key, row, "words"),
        answer=_open(key, row, "answer"),
        longer=_open(key, row, "longer"),
        complain=_open(key, row, "complain"),
    )
