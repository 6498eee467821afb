"""Cases that have to do with each other: common matters, who joined them, and links."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.bonds import BondKind
from governance.joins import Asking, Mark
from governance.resolutions import Answer
from node.database import Encrypted, Model
from node.models.kinds import word


class CommonMatter(Model):
    """A case that others can join, and what they read of it before."""

    __tablename__ = "common_matter"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    #: Sealed under the case's key: the desk's words, and none of its member's.
    about: Mapped[bytes] = mapped_column(Encrypted)
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    #: Since when its own member leaves it to the others: it ends with the last of them.
    left_at: Mapped[datetime | None]


class MatterMark(Model):
    """That so many joined a common matter that something is to be done about it."""

    __tablename__ = "matter_mark"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    mark: Mapped[Mark] = mapped_column(word(Mark), primary_key=True)
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class CaseJoin(Model):
    """That a case goes on with a common matter. What is agreed to are consents."""

    __tablename__ = "case_join"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    matter_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class ClaimAnswer(Model):
    """What one claimant of a common matter was asked when it was said to be done.

    The member of the matter's own case is one of them.
    """

    __tablename__ = "claim_answer"

    matter_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    #: The event of the matter that asked: each time it is said to be done, anew.
    round: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(
        ForeignKey("case.id"), primary_key=True, index=True
    )
    standing: Mapped[Asking] = mapped_column(word(Asking))
    answer: Mapped[Answer | None] = mapped_column(word(Answer))
    #: Whether they agreed to be counted when they were asked.
    counted: Mapped[bool]
    asked_at: Mapped[datetime]
    #: When they answered, or it was over.
    settled_at: Mapped[datetime | None]


class CaseBond(Model):
    """That somebody at the desk says how two cases hang together; it can be undone."""

    __tablename__ = "case_bond"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    to_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[BondKind] = mapped_column(word(BondKind))
    #: Whether whoever has the second has the first with it.
    merged: Mapped[bool]
    #: Sealed under the first case's key.
    reason: Mapped[bytes | None] = mapped_column(Encrypted)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
