"""Which slice acts on which type of activity. Two for one type stop the start."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from federation import inbox as wire
from federation.activities import Activity
from node.core import Node
from node.models.inbox import Received

JOB = "inbox.handle"


@dataclass(frozen=True, slots=True)
class Handling:
    """One activity that is acted on, inside one transaction."""

    node: Node
    tx: Session
    activity: Activity
    row: Received
    #: What it carries is its actor's, and is carried whole.
    own: bool


#: Each handler is safe to call twice.
INBOX: wire.Inbox[Callable[[Handling], None]] = wire.Inbox()
