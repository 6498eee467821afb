"""Legal holds: why a case is not erased before a day, said to its member."""

from node.holding.acts import agree, end, listed, put_up
from node.holding.rows import Hold, require_free, shown, until

__all__ = [
    "Hold",
    "agree",
    "end",
    "listed",
    "put_up",
    "require_free",
    "shown",
    "until",
]
