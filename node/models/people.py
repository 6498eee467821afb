"""People and how they can be reached; their names and contacts are sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.intake import Identity
from governance.people import ContactKind, ContactState, Provenance
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
    #: Who they turned out to be, by somebody's decision; None while they stand alone.
    alias_of: Mapped[UUID | None] = mapped_column(index=True)
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
    provenance: Mapped[Provenance] = mapped_column(
        word(Provenance), server_default=Provenance.TOLD
    )
    state: Mapped[ContactState] = mapped_column(
        word(ContactState), server_default=ContactState.OK
    )
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ContactCode(Model):
    """A code on its way to a contact point: whoever types it reads what goes there."""

    __tablename__ = "contact_code"

    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    code_mac: Mapped[bytes]
    expires_at: Mapped[datetime]
    tries_left: Mapped[int]


class NameKey(Model):
    """How one word of somebody's name sounds, as an HMAC: to find names alike."""

    __tablename__ = "name_key"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True, index=True)


class PersonMerge(Model):
    """That somebody decided that two are one person, and whether it was undone."""

    __tablename__ = "person_merge"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    into_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]


class PersonApart(Model):
    """That somebody decided that two who look alike are not one person."""

    __tablename__ = "person_apart"

    #: The smaller id of the two first.
    one_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
