"""Acting for somebody else: beside them, or while they are not here; they decide."""

from node.proxies.answering import Stands, confirm, object_to, stands
from node.proxies.telling import Session, begin, end, session, tell

__all__ = [
    "Session",
    "Stands",
    "begin",
    "confirm",
    "end",
    "object_to",
    "session",
    "stands",
    "tell",
]
