"""Grants: a role, given to one member, with a scope and an end.

A grant without an end does not exist, and one that is over gives nothing at that
very second, whether or not any job has noticed.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from governance.errors import Refusal

All = Literal["all"]

#: Roles with power over others: they rest in a session left alone for half a day.
OFFICES = frozenset({"steward", "coordinator"})


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in force for a member between two moments, within a scope."""

    role: str
    from_: datetime
    expires_at: datetime
    topics: AbstractSet[str] | All = "all"
    areas: AbstractSet[str] | All = "all"
    teams: AbstractSet[str] | All = "all"
    #: The sensitivities beyond normal that its holder is cleared for.
    clearance: AbstractSet[str] = frozenset()

    def in_force(self, *, at: datetime) -> bool:
        """Say whether the grant gives anything at a moment."""
        return self.from_ <= at < self.expires_at


def covers(scope: AbstractSet[str] | All, name: str | None) -> bool | None:
    """Say whether a scope holds a topic or area; None when that cannot be told."""
    if scope == "all":
        return True
    return None if name is None else name in scope


class RolesLeft(Refusal):
    """An account does not end while whoever has it holds a role here."""

    code = "account.has-role"
