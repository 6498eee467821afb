"""What is taken from an origin that the community has limited or blocked.

Whatever the mode, nobody is kept from sharing less: what only takes back is honoured
from everywhere.
"""

from collections.abc import Iterable
from enum import StrEnum

from federation.activities import Document
from federation.errors import PrincipalBlocked
from federation.inbox.catalogue import Change, change
from federation.inbox.shapes import activity_type
from federation.policy import Mode, strictest


class Treatment(StrEnum):
    """What becomes of something that arrived."""

    TAKE = "take"
    #: Kept where only stewards see it, and nobody is told.
    QUARANTINE = "quarantine"


def treatment(modes: Iterable[Mode], document: Document) -> Treatment:
    """Say what becomes of an activity, or refuse what a blocked origin sends.

    The modes are those of the key's origin and of the actor's.
    """
    mode = strictest(modes)
    if mode is Mode.OPEN or change(document) is Change.LESS:
        return Treatment.TAKE
    if mode is Mode.BLOCKED:
        raise PrincipalBlocked("The members of this node have blocked this origin.")
    if activity_type(document) == "Follow":
        return Treatment.TAKE  # it waits for a steward by itself
    return Treatment.QUARANTINE
