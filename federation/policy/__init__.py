"""Who may do what to a thing across nodes: one answer for inbox, GET and pages.

An actor changes only what it owns, from the origin it lives on, whatever else is
true. What a stranger may not see is for them as if it were absent.
"""

from federation.policy.facts import (
    Access,
    Decision,
    Facts,
    Kind,
    Mode,
    Reason,
    Thing,
    Verb,
    strictest,
)
from federation.policy.rules import may

__all__ = [
    "Access",
    "Decision",
    "Facts",
    "Kind",
    "Mode",
    "Reason",
    "Thing",
    "Verb",
    "may",
    "strictest",
]
