"""Finding cases by their words, for whoever may read them.

The index is derived from the cases and can always be made again: it lies apart from
the database, in no backup, and holds plain words.
"""

from node.search.finding import LONGEST, Found, Order, find, holding
from node.search.refreshing import rebuild, refresh, renew

__all__ = [
    "LONGEST",
    "Found",
    "Order",
    "find",
    "holding",
    "rebuild",
    "refresh",
    "renew",
]
