"""Message templates, each version as it was approved."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from governance.texts import Medium
from node.database import Model
from node.models.kinds import word


class TextVersion(Model):
    """One version of a template in one language, for one way; never changed."""

    __tablename__ = "text_version"
    __table_args__ = (UniqueConstraint("name", "medium", "language", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    medium: Mapped[Medium] = mapped_column(word(Medium))
    #: As tags go: `en`, `pt-BR`.
    language: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]
    #: Whether it speaks for the community: what begins with it waits for another.
    community: Mapped[bool] = mapped_column(server_default=false())
    #: SHA-256 over all of the above, in hexadecimal: what the ledger names.
    digest: Mapped[str]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    #: The second person; nobody uses it before.
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    #: From then on nobody uses it any more.
    retired_at: Mapped[datetime | None]
