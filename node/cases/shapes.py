"""What a look at a case returns. Plain values: nothing here reads or decides."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from governance.cases import (
    Act,
    DeadlineSource,
    Kind,
    Outcome,
    Part,
    Priority,
    State,
)
from governance.claims import Value
from governance.consent import Purpose
from governance.delays import ENDS_THERE, Delay, Reading
from governance.intake import Channel
from governance.parties import Role
from governance.pledges import Cause, PledgeKind, PledgeState
from node.cases.partied import PartyLine
from node.cases.planned import Plan
from node.files import FileLine

#: Whose words or act an entry is, which decides its shape in the timeline.
Who = Literal["you", "member", "advocate", "party", "outside", "node"]
#: What an entry is.
TimelineKind = Literal[
    "submission",
    "reply",
    "question",
    "resolution",
    "file",
    "act",
    "escalate",
    "piece",
    "split",
    "unsplit",
    "files_gone",
    "tried",
    "cause",
    "feedback",
    "feedback_answer",
]


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """That something was said or on paper, and who wrote it down."""

    #: The message, by which its member denies it.
    id: UUID
    by_name: str
    at: datetime
    #: Whether it is word for word.
    whole: bool
    #: When the member said that it never was.
    denied_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One thing that happened, in the order it was sealed."""

    #: Its number in the case's chain, by which its receipt is asked for.
    seq: int
    at: datetime
    who: Who
    name: str
    kind: TimelineKind
    text: str
    #: What was done, when it is an act and no words.
    act: Act | None
    reason: str
    #: Whether no person did it.
    machine: bool
    #: Whether it only goes along with something else that is shown.
    minor: bool
    channel: Channel | None
    #: What is printed beside it; None while it is not yet sealed.
    seal: str | None
    #: How much of it was erased: `redact`, `content` or `entry`; or nothing.
    erased: str = ""
    #: What was added, when it is a file.
    file: FileLine | None = None
    #: Which step it is, when it is one of the ladder; and what its member chose there.
    rung: int | None = None
    choice: str = ""
    #: The reference of the case that was made of a part of it, or that it is part of.
    other: str = ""
    #: How many files went, when it says that some did.
    number: int = 0
    #: Which promise was missed and why, when somebody says so.
    pledge: PledgeKind | None = None
    cause: Cause | None = None
    #: How it was said, when no machine carried it.
    spoken: SpokenLine | None = None
    #: As what they are in the case, when it is neither the member nor the desk.
    party: Role | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody, as far as the viewer may know."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Ask:
    """The one open question to the member."""

    who: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WaitsFor:
    """Whom outside a case waits for, and until when."""

    whom: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Inquired:
    """Somebody outside who was asked, and what came of it."""

    whom: str
    asked_at: datetime
    due_at: datetime
    #: When the case stopped waiting for them; None while it does.
    ended_at: datetime | None
    #: What their answer comes to; None where there is none.
    reading: Reading | None

    @property
    def ends_there(self) -> bool:
        """Whether it leads no further there."""
        return self.reading in ENDS_THERE


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the advocate says was done."""

    who: str
    text: str
    obtained: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Chosen:
    """How somebody was found for a case, in figures that name nobody."""

    method: str
    #: How many were looked at, and why some of them could not be asked.
    candidates: int
    excluded: tuple[tuple[str, int], ...]
    scores: tuple[str, ...]
    rules: str
    #: Until when the offer holds; None for what was taken or accepted.
    until: datetime | None

    @property
    def reasons(self) -> dict[str, int]:
        """How many could not be asked, by the class of the reason."""
        return dict(self.excluded)


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """One promise and what became of it."""

    id: UUID
    kind: PledgeKind
    #: None while it waits for the member.
    due_at: datetime | None
    state: PledgeState
    met_at: datetime | None
    missed_at: datetime | None
    #: Why, as far as it is known.
    cause: Cause | None
    #: How far up the ladder it is: see `governance.pledges.Rung`.
    rung: int | None
    rule: str
    rules: str


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Somebody who can see the case: in which part, and by name where there is one."""

    part: Literal["member", "advocate", "coordinator", "advocates", "party"]
    name: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One thing the member agreed to, or took back."""

    id: UUID
    purpose: Purpose
    recipient: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as one viewer may see it."""

    reference: str
    title: str
    state: State
    outcome: Outcome | None
    kind: Kind
    topic: str
    priority: Priority | None
    priority_reason: str
    #: The desk's short words for it.
    tags: tuple[str, ...]
    #: The rule, with its version, that sorted it by itself; empty once a person did.
    sorted_by: str
    #: Until when somebody has to act by law, and where it says so.
    deadline_on: date | None
    deadline_source: DeadlineSource | None
    language: str
    channel: Channel
    received_at: datetime
    closed_at: datetime | None
    late_by: timedelta | None
    disputed: bool
    part: Part
    turn: bool
    member_name: str
    responsible: Named | None
    #: None while it is nobody's.
    chosen: Chosen | None
    place: str
    area_name: str
    story: str
    wanted: str
    value: Value | None
    queue_place: int | None
    ask: Ask | None
    #: Somebody outside, while the case waits for them.
    waits_for: WaitsFor | None
    #: Everybody outside who was asked, in that order.
    inquiries: tuple[Inquired, ...]
    #: Who outside let their day pass, the most often first.
    delays: tuple[Delay, ...]
    resolution: Resolution | None
    timeline: tuple[TimelineEntry, ...]
    #: Numbers of entries that stand in the log, and whose words were lost here.
    lost: tuple[int, ...]
    plan: Plan
    pledges: tuple[PledgeLine, ...]
    next_promise: PledgeLine | None
    seen_by: tuple[SeenBy, ...]
    #: Who is in it besides the member, and what they may see.
    parties: tuple[PartyLine, ...] = ()
    consents: tuple[ConsentLine, ...]
    #: What the viewer may do now.
    acts: frozenset[Act]
    may_reopen: bool
    may_appeal: bool
    #: Grows with every event: what an ETag is made of.
    version: int
