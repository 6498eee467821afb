"""Cases and what happened to them. A case row is the cache of its events."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    func,
    literal_column,
    text,
    type_coerce,
)
from sqlalchemy.orm import Mapped, mapped_column

from governance.cases import (
    Act,
    DeadlineSource,
    Kind,
    Outcome,
    Priority,
    Sensitivity,
    State,
)
from governance.intake import Channel
from node.database import Encrypted, Model
from node.models.kinds import word


class Case(Model):
    """The work one submission asks for."""

    __tablename__ = "case"
    __table_args__ = (
        # Serves the desk: each state in the order of its promises (`DUE`).
        Index(
            "ix_case_due",
            "state",
            text("coalesce(next_due_at, 253402300799000)"),
            "received_at",
            "id",
        ),
        # Serves the queue (`QUEUE`).
        Index(
            "ix_case_queue",
            "state",
            text("(priority_rank <> 0)"),
            text("coalesce(answer_due_at, 253402300799000)"),
            "received_at",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_case_state", "state", "received_at"),
        Index("ix_case_member", "member_id", "received_at"),
        # Serves what waits for a member, however much they told.
        Index("ix_case_turn", "member_id", "state", "received_at"),
        # Serves the desk of whoever has them.
        Index(
            "ix_case_mine",
            "responsible_id",
            "state",
            text("coalesce(next_due_at, 253402300799000)"),
            "received_at",
            "id",
        ),
    )

    #: Also the id of its ledger chain.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    state: Mapped[State] = mapped_column(word(State))
    outcome: Mapped[Outcome | None] = mapped_column(word(Outcome))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    responsible_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[Channel] = mapped_column(word(Channel))
    language: Mapped[str]
    topic: Mapped[str]
    area: Mapped[str | None]
    #: Sealed: the first words of the story, to tell cases apart.
    title: Mapped[bytes] = mapped_column(Encrypted)
    #: Sealed: where it happened, as typed.
    place: Mapped[bytes | None] = mapped_column(Encrypted)
    priority: Mapped[Priority | None] = mapped_column(word(Priority))
    #: Queue order: urgent first, and what nobody triaged before low.
    priority_rank: Mapped[int]
    #: Sealed: why this priority; the member reads it.
    priority_reason: Mapped[bytes | None] = mapped_column(Encrypted)
    #: Sealed: what triage found, which suggested a priority.
    rubric: Mapped[bytes | None] = mapped_column(Encrypted)
    #: Sealed: the desk's short words for it, one a line.
    tags: Mapped[bytes | None] = mapped_column(Encrypted)
    #: Until when somebody has to act by law, as triage read it, and where it says so.
    deadline_on: Mapped[date | None]
    deadline_source: Mapped[DeadlineSource | None] = mapped_column(word(DeadlineSource))
    #: None of before anybody looked: normal.
    sensitivity: Mapped[Sensitivity | None] = mapped_column(word(Sensitivity))
    team_id: Mapped[UUID | None]
    #: The rule, with its version, that sorted it by itself; None once a person did.
    sorted_by: Mapped[str | None]
    #: Whom its member asked for.
    wished_id: Mapped[UUID | None]
    #: Whether any advocate here may read it, or only who answers and coordinates.
    open_to_advocates: Mapped[bool]
    #: Why a person should look first, such as too many from one place; or empty.
    caution: Mapped[str]
    rules: Mapped[str]
    #: Who wrote last: True for the member, whose words nobody answered yet.
    member_wrote_last: Mapped[bool]
    disputed: Mapped[bool]
    reopened: Mapped[int]
    received_at: Mapped[datetime]
    next_due_at: Mapped[datetime | None]
    #: Until when a first answer is still promised; None when none is, or it waits.
    answer_due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    #: Since when its member lets it rest: kept, and nothing else done with it.
    restricted_at: Mapped[datetime | None]


#: When the next promise is due, in milliseconds; what has none comes last, in 9999.
DUE = func.coalesce(
    type_coerce(Case.next_due_at, BigInteger), literal_column("253402300799000")
)
#: A case that waits for somebody, spelled as the index of the queue has it.
WAITS = Case.state == literal_column("'queued'")
#: The order in which cases are taken: urgent ones, then by the first answer promised,
#: then by arrival.
QUEUE = (
    type_coerce(Case.priority_rank, Integer) != literal_column("0"),
    func.coalesce(
        type_coerce(Case.answer_due_at, BigInteger), literal_column("253402300799000")
    ),
    Case.received_at,
    Case.id,
)


class CaseEvent(Model):
    """One thing that happened to a case, gapless, never changed."""

    __tablename__ = "case_event"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    act: Mapped[Act] = mapped_column(word(Act))
    from_state: Mapped[State | None] = mapped_column(word(State))
    to_state: Mapped[State] = mapped_column(word(State))
    #: Who did it; None when a rule did.
    actor_id: Mapped[UUID | None]
    rule: Mapped[str]
    #: As what the case closed by it.
    outcome: Mapped[Outcome | None] = mapped_column(word(Outcome))
    #: Whom the case was offered to by it.
    whom: Mapped[UUID | None]
    #: Sealed.
    reason: Mapped[bytes | None] = mapped_column(Encrypted)
    #: Its entry in the case's chain.
    entry_seq: Mapped[int]


class LinkProof(Model):
    """That somebody with a link also read a code that its member was sent."""

    __tablename__ = "link_proof"

    #: Of a secret that only their browser or program has.
    id_hash: Mapped[bytes] = mapped_column(primary_key=True)
    link_id: Mapped[bytes] = mapped_column(ForeignKey("case_link.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CaseLink(Model):
    """A link that opens one case without an account."""

    __tablename__ = "case_link"

    id: Mapped[bytes] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
