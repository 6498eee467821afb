"""What goes into the index of words, and what comes out."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Place:
    """How far the index has read: the log's number, and the next leaf in it."""

    epoch: int = 1
    idx: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one case, folded."""

    case_id: UUID
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that holds all the words."""

    case_id: UUID
    #: Whether its title alone holds them.
    in_title: bool
