"""Giving somebody a role: for how long, within what scope, and how many may hold it.

A role without an end does not exist: see `governance.roles` for when one counts.
"""

from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Final

from governance.errors import ChoiceInvalid, Denied, NoSeat
from governance.roles import All, Grant
from governance.rules import Bylaws

#: No preset names a verb for it: until members give roles by vote, lot or vouching,
#: whoever speaks for the community to others gives them here.
VERB: Final = "agreement.negotiate"
#: The floor's `role_days_max`, whatever a role's own term is.
LONGEST: Final = timedelta(days=730)


def check(rules: Bylaws, asked: Grant, *, holders: int) -> None:
    """Refuse a role that is none, or a term or seat the bylaws do not know.

    `holders` is how many others hold the role at some time of it.
    """
    role = rules.roles.get(asked.role)
    if role is None:
        raise ChoiceInvalid("Choose a role the community has.", field="role")
    longest = min(timedelta(days=role.term_days), LONGEST)
    if not timedelta() < asked.expires_at - asked.from_ <= longest:
        raise ChoiceInvalid(
            f"This role lasts from 1 to {longest.days} days.", field="days"
        )
    if role.seats is not None and holders >= role.seats:
        raise NoSeat("As many people hold this role as the community wants at once.")


def check_reach(own: tuple[Grant, ...], asked: Grant) -> None:
    """Refuse a scope that goes beyond what the giver's own grant is for."""
    if not any(_reaches(grant, asked) for grant in own):
        raise Denied(
            "You can give a role for no more than your own is for.", rules=("silence",)
        )


def _reaches(own: Grant, asked: Grant) -> bool:
    scopes = (
        (own.teams, asked.teams),
        (own.topics, asked.topics),
        (own.areas, asked.areas),
    )
    return all(_holds(wide, narrow) for wide, narrow in scopes)


def _holds(wide: AbstractSet[str] | All, narrow: AbstractSet[str] | All) -> bool:
    return wide == "all" or (narrow != "all" and narrow <= wide)
