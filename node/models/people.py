"""People and how they can be reached; their names and contacts are sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.intake import Identity
from governance.people import ContactKind
from node.database import Encrypted, Model
from node.models.kinds import word


class Person(Model):
    """Somebody who told us something, or who helps."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: Sealed under the person's key; None when they gave no name.
    display_name: Mapped[bytes | None] = mapped_column(Encrypted)
    language: Mapped[str]
    identity: Mapped[Identity] = mapped_column(word(Identity))
    created_at: Mapped[datetime]


class ContactPoint(Model):
    """One way to reach a person. The same address is never two people's proof."""

    __tablename__ = "contact_point"
    __table_args__ = (UniqueConstraint("person_id", "digest"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ContactKind] = mapped_column(word(ContactKind))
    #: Sealed under the person's key.
    value: Mapped[bytes] = mapped_column(Encrypted)
    #: HMAC of the normalised value, for exact look-up.
    digest: Mapped[bytes] = mapped_column(index=True)
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
