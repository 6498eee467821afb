"""What leaves: in which order, what an answer means, and when to leave a node alone.

Nothing here sends. Times, dice and answers come in; decisions go out.
"""

from federation.delivery.answers import (
    Answer,
    Do,
    Health,
    Known,
    Outcome,
    backoff,
    outcome,
    retry_after,
)
from federation.delivery.breaker import OWED, Breaker, Gate, Silence, keeps
from federation.delivery.order import (
    MOST_IN_FLIGHT,
    UNFINISHED,
    Row,
    State,
    cursor,
    due,
)

__all__ = [
    "MOST_IN_FLIGHT",
    "OWED",
    "UNFINISHED",
    "Answer",
    "Breaker",
    "Do",
    "Gate",
    "Health",
    "Known",
    "Outcome",
    "Row",
    "Silence",
    "State",
    "backoff",
    "cursor",
    "due",
    "keeps",
    "outcome",
    "retry_after",
]
