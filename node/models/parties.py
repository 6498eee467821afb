"""Who is in a case besides its member, and which messages named them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.parties import Ending, Role
from node.database import Encrypted, Model
from node.models.kinds import word


class Party(Model):
    """One person who is in a case of somebody else, or is asked to be."""

    __tablename__ = "party"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    #: A person of this case alone: nobody is found by likeness.
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    role: Mapped[Role] = mapped_column(word(Role))
    #: What they may see: `governance.parties.Share`, with spaces between.
    fields: Mapped[str]
    #: Sealed under the case's key: who they are, in the words of who named them.
    name: Mapped[bytes] = mapped_column(Encrypted)
    #: What their link is made of.
    link: Mapped[bytes] = mapped_column(unique=True)
    named_at: Mapped[datetime]
    named_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: When the member said yes, and when they did.
    agreed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None] = mapped_column(word(Ending))


class MessageCopy(Model):
    """That a message named a party to read it, too."""

    __tablename__ = "message_copy"

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
