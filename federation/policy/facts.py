"""What the decisions look at: the thing that is asked for, and what is true then.

Facts are read in one transaction by whoever asks; nothing here looks them up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How the community stands to an origin, from the friendliest on."""

    OPEN = "open"
    LIMITED = "limited"
    BLOCKED = "blocked"


class Verb(StrEnum):
    """What an actor of another node can want."""

    FOLLOW = "follow"
    REPLY = "reply"
    READ = "read"
    ANNOUNCE = "announce"
    UPDATE = "update"
    DELETE = "delete"
    UNDO = "undo"
    ADD = "add"
    REMOVE = "remove"


class Kind(StrEnum):
    """What a thing is, as far as anybody's right depends on it."""

    GROUP = "group"
    ADVOCATE = "advocate"
    NODE = "node"
    POST = "post"
    ACTIVITY = "activity"


class Access(StrEnum):
    """How the stewards want strangers to come in."""

    OPEN = "open"
    ASKED = "asked"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why it was decided so."""

    FITS = "fits"
    #: A steward decides.
    ASKED = "asked"
    #: It is kept where only stewards see it.
    LIMITED = "limited"
    BLOCKED = "blocked"
    CLOSED = "closed"
    #: There is no such thing, or none that this actor may know of.
    ABSENT = "absent"
    GONE = "gone"
    #: Whoever reads here signs.
    UNSIGNED = "unsigned"
    NOT_OWNER = "not-owner"
    NOT_GROUP = "not-group"
    NOT_FOLLOWABLE = "not-followable"
    NOT_SHAREABLE = "not-shareable"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it may be done, and why."""

    allowed: bool
    reason: Reason

    @property
    def waits(self) -> bool:
        """Whether a steward may still say yes."""
        return self.reason in {Reason.ASKED, Reason.LIMITED}


@dataclass(frozen=True, slots=True)
class Thing:
    """What somebody wants to do something to, as it is known here."""

    id: str
    owner: str
    kind: Kind
    public: bool = True
    #: Deleted here, and a tombstone is served.
    gone: bool = False
    #: It waits itself for a steward.
    pending: bool = False
    #: An activity that only passes on.
    announcing: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true at the moment of asking, read in one transaction."""

    #: Modes of the origins that are involved: the key's, the actor's, the object's.
    modes: tuple[Mode, ...] = ()
    #: How followers come to the group that is asked for.
    followers: Access = Access.ASKED
    #: How replies come to the case that is answered.
    replies: Access = Access.ASKED
    #: The advocate wants to be followed.
    consents: bool = False
    #: The actor is a Group.
    is_group: bool = False
    #: The owner of what is passed on is suspended.
    owner_suspended: bool = False
    #: Whoever reads here signs, by a setting of this node.
    signed_get: bool = False


def strictest(modes: Iterable[Mode]) -> Mode:
    """Return the least friendly of the modes of those who are involved."""
    order = list(Mode)
    return max(modes, key=order.index, default=Mode.OPEN)
