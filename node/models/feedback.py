"""What members say about how their cases were handled."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from node.database import Encrypted, Model


class Feedback(Model):
    """What the member of one case says, and what they were answered."""

    __tablename__ = "feedback"

    #: Chosen by the form or the program, so that sending twice says it once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), unique=True)
    #: Whose work it is about; None where nobody had the case.
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Sealed like the words, so that no query can sort by it.
    rating: Mapped[bytes] = mapped_column(Encrypted)
    text: Mapped[bytes | None] = mapped_column(Encrypted)
    given_at: Mapped[datetime]
    entry_seq: Mapped[int]
    answer: Mapped[bytes | None] = mapped_column(Encrypted)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    answer_seq: Mapped[int | None]


class PeerCopy(Model):
    """What others read of it: words without names, as a person wrote them."""

    __tablename__ = "peer_copy"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), unique=True)
    #: Sealed under the case's key, and gone with it.
    text: Mapped[bytes] = mapped_column(Encrypted)
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]


class PeerFinding(Model):
    """That somebody was asked to look at a copy, and what they found."""

    __tablename__ = "peer_finding"
    __table_args__ = (UniqueConstraint("copy_id", "reviewer_id"),)

    #: All that a reviewer knows it by.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    copy_id: Mapped[UUID] = mapped_column(ForeignKey("peer_copy.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    #: Sealed.
    text: Mapped[bytes | None] = mapped_column(Encrypted)
    found_at: Mapped[datetime | None]
    #: That they cannot look at it, or did not in time: somebody else was asked.
    declined_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
