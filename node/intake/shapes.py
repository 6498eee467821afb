"""What a channel hands over, and what comes of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from governance.claims import Value
from governance.intake import Channel, Identity, Source
from governance.people import Contact
from governance.pledges import Promise
from node.accounts.visitor import Visitor
from node.files import Kept
from node.log import Authored, Ticket


class Audience(StrEnum):
    """Who at the desk may read a case before somebody takes it."""

    ASSIGNED = "assigned"
    ADVOCATES = "advocates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody told a form or a program, as they typed it."""

    #: Chosen by the form or the program, so that sending twice submits once.
    id: UUID
    text: str
    wanted: str = ""
    value: Value | None = None
    place: str = ""
    area: str | None = None
    topic: str = ""
    contact: str = ""
    name: str = ""
    audience: Audience = Audience.ASSIGNED
    language: str = "en"
    channel: Channel = Channel.WEB
    #: The words as a key of the teller's own signed them, if one did.
    authored: Authored | None = None
    #: Files that wait in the store to go with it.
    files: tuple[Kept, ...] = field(default=(), repr=False)
    #: The network block it came from, for the throttle only; never stored.
    source: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class For:
    """That something is told for somebody else: by whom, and beside them or not."""

    by: Visitor
    #: The time beside them that it is told in; None where they are not here.
    beside: UUID | None = None

    @property
    def facts(self) -> dict[str, str]:
        """What the ledger's evidence keeps of it."""
        how = "beside them" if self.beside else "while they were not there"
        return {"captured_by": str(self.by.person_id), "told": how}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Something that was told, checked, and not seen before."""

    told: Told
    by: Visitor
    contact: Contact | None
    digest: bytes
    sender: bytes
    #: Why a person should look at it first, or empty.
    caution: str
    #: How sure we are who it is.
    identity: Identity
    #: Whether it may be acknowledged by mail as well.
    tell: bool
    #: Who told it, when it was not the member.
    proxy: For | None = None
    #: When the channel got it, from which every promise counts.
    received_at: datetime
    #: Whether whoever told it reads the receipt at once, on a page or in an answer;
    #: else the message that says so is the acknowledgement.
    shown: bool = True
    #: Where they met us; None where the channel says it.
    source: Source | None = None
    #: Whose new case it is, when something proves that it is somebody we know.
    member_id: UUID | None = None
    #: The message itself, where a channel brought bytes.
    raw: Kept | None = None

    @property
    def actor(self) -> UUID | None:
        """Who really typed it."""
        return self.proxy.by.person_id if self.proxy else self.by.person_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of an arrival."""

    case_id: UUID
    reference: str
    link: str
    promises: tuple[Promise, ...]
    ticket: Ticket
