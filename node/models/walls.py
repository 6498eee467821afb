"""What people at the desk have to do with, and which cases they must not know of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from governance.walls import Cause, InterestKind
from node.database import Encrypted, Model
from node.models.kinds import word


class Interest(Model):
    """One thing that somebody at the desk says they have to do with."""

    __tablename__ = "interest"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[InterestKind] = mapped_column(word(InterestKind))
    #: Sealed under the person's key.
    subject: Mapped[bytes] = mapped_column(Encrypted)
    #: HMAC of the subject as it is compared.
    digest: Mapped[bytes] = mapped_column(index=True)
    declared_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Wall(Model):
    """One person who must not know of one case, or of whom somebody says so."""

    __tablename__ = "wall"
    __table_args__ = (Index("ix_wall_person", "person_id", "stands", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    cause: Mapped[Cause] = mapped_column(word(Cause))
    #: Who said so; None when a rule found it.
    raised_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    #: Sealed under the case's key: why, in the words of whoever said so.
    reason: Mapped[bytes | None] = mapped_column(Encrypted)
    raised_at: Mapped[datetime]
    #: Whether it hides the case now.
    stands: Mapped[bool]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    appealed_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
