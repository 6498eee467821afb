"""People as this node knows them: a name and contact points, sealed under their key.

An address proves at most that somebody can read it; it is looked up by its HMAC, so
the tables alone tell nobody who is here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import phonenumbers
from babel.core import get_global
from sqlalchemy import and_, delete, select, union_all
from sqlalchemy.orm import Session

from governance.cases import State
from governance.errors import ContactInvalid
from governance.intake import Identity
from governance.people import (
    SILENT,
    Contact,
    ContactKind,
    Provenance,
    normalise_email,
)
from node import naming, vault
from node.core import Node
from node.ids import new_id
from node.models.accounts import Account
from node.models.cases import Case
from node.models.notices import Notice
from node.models.people import ContactCode, ContactPoint, NameKey, Person
from node.models.snippets import Snippet
from node.models.start import Community
from node.models.vault import ContentKey
from node.upsert import insert_rows

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody told us about themselves."""

    language: str
    name: str = ""
    contact: Contact | None = None
    #: How sure we are; None where that follows from the contact alone.
    identity: Identity | None = None


def contact(text: str, region: str | None = None) -> Contact:
    """Read an e-mail address or a telephone number as people type them."""
    typed = text.strip()
    if "@" in typed:
        return Contact(ContactKind.EMAIL, normalise_email(typed))
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException as error:
        raise ContactInvalid(
            "Type an e-mail address, or a telephone number with its country code."
        ) from error
    if not phonenumbers.is_possible_number(number):
        raise ContactInvalid("This telephone number is too short or too long.")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Contact(ContactKind.PHONE, written)


def region(tx: Session) -> str | None:
    """Return the country that numbers without a country code belong to."""
    zone = tx.scalar(select(Community.zone)) or ""
    found = get_global("zone_territories").get(zone)
    return found if isinstance(found, str) else None


def digest(node: Node, found: Contact) -> bytes:
    """Return what a contact is looked up by."""
    return node.keys.mac("contact", f"{found.kind}\0{found.value}".encode())


def reached(node: Node, text: str) -> bytes | None:
    """Return what a typed contact is looked up by; None for what is no contact."""
    try:
        return digest(node, contact(text))
    except ContactInvalid:
        return None


def add(node: Node, tx: Session, newcomer: Newcomer) -> UUID:
    """Keep a new person, with what they told us; nobody is ever joined by likeness."""
    person_id, now = new_id(node), node.now()
    key = vault.new_key(node, tx, "person", person_id)
    name = newcomer.name.strip()[:_LONGEST_NAME]
    place = vault.Place("person", "display_name", person_id)
    found = newcomer.contact
    insert_rows(
        tx,
        Person,
        {
            "id": person_id,
            "display_name": vault.seal(node, key, place, name) if name else None,
            "language": newcomer.language,
            "identity": newcomer.identity or identity(node, tx, found),
            "created_at": now,
        },
    )
    naming.keep(node, tx, person_id, name)
    if found is not None:
        insert_rows(tx, ContactPoint, _point(node, key, person_id, found))
    return person_id


def identity(node: Node, tx: Session, found: Contact | None) -> Identity:
    """Say how sure a contact alone makes us: known at most, and never proven."""
    if found is None:
        return Identity.ANONYMOUS
    known = select(ContactPoint.id).where(ContactPoint.digest == digest(node, found))
    there = tx.scalar(known.limit(1)) is not None
    return Identity.MATCHED if there else Identity.UNVERIFIED


def _point(
    node: Node, key: bytes, person_id: UUID, found: Contact
) -> dict[str, object]:
    id_ = new_id(node)
    place = vault.Place("contact_point", "value", id_)
    return {
        "id": id_,
        "person_id": person_id,
        "kind": found.kind,
        "value": vault.seal(node, key, place, found.value),
        "digest": digest(node, found),
        "verified_at": None,
        "created_at": node.now(),
    }


def add_contact(
    node: Node, tx: Session, person_id: UUID, found: Contact, *, verified: bool
) -> ContactPoint:
    """Keep a way to reach a person."""
    key = vault.key_of(node, tx, "person", person_id)
    if key is None:
        raise vault.Damaged("this person was erased")
    point = ContactPoint(**_point(node, key, person_id, found))
    point.provenance = Provenance.ACCOUNT if verified else Provenance.TOLD
    point.verified_at = node.now() if verified else None
    tx.add(point)
    tx.flush()
    return point


def contact_of(node: Node, tx: Session, point: ContactPoint) -> Contact:
    """Return a contact point in the open."""
    key = vault.key_of(node, tx, "person", point.person_id)
    if key is None:
        raise vault.Damaged("this person was erased")
    place = vault.Place("contact_point", "value", point.id)
    return Contact(point.kind, vault.unseal(key, place, point.value))


def mail_of(tx: Session, person_id: UUID) -> ContactPoint | None:
    """Return where mail for a person goes; a proven address before a claimed one.

    Never where it was said, or turned out, that nothing is to go any more.
    """
    return tx.scalar(
        select(ContactPoint)
        .where(
            ContactPoint.person_id == person_id,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.state.not_in(SILENT),
        )
        .order_by(ContactPoint.verified_at.is_(None), ContactPoint.created_at)
        .limit(1)
    )


def names(node: Node, tx: Session, ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of some people; an empty one where nobody gave any."""
    if not ids:
        return {}
    rows = tx.execute(
        select(Person.id, Person.display_name, ContentKey.epoch, ContentKey.wrapped)
        .outerjoin(
            ContentKey,
            and_(ContentKey.kind == "person", ContentKey.owner == Person.id),
        )
        .where(Person.id.in_(ids))
    )
    found = dict.fromkeys(ids, "")
    for id_, cell, epoch, wrapped in rows:
        if cell is not None and wrapped is not None:
            row = vault.Wrapped("person", id_, epoch, wrapped)
            found[id_] = _name(vault.open_key(node, row), id_, cell)
    return found


def name(node: Node, tx: Session, person_id: UUID, cell: bytes | None) -> str:
    """Return one person's name in the open."""
    key = vault.key_of(node, tx, "person", person_id) if cell else None
    if key is None or cell is None:
        return ""
    return _name(key, person_id, cell)


def _name(key: bytes, person_id: UUID, cell: bytes) -> str:
    return vault.unseal(key, vault.Place("person", "display_name", person_id), cell)


def forget_guest(tx: Session, case: Case, besides: Collection[UUID] = ()) -> bool:
    """Destroy who somebody is, and the key; return whether it was done.

    Not where they have an account or another case here, `besides` those that were made
    of this one's words.
    """
    return forget(tx, case.member_id, besides=[case.id, *besides])


def forget(tx: Session, person_id: UUID, *, besides: Collection[UUID] = ()) -> bool:
    """Destroy who somebody is, unless they have an account, or a case `besides`."""
    others = select(Case.id).where(
        Case.member_id == person_id,
        Case.id.not_in(besides),
        Case.state != State.ERASED,
    )
    known = select(Account.id).where(Account.person_id == person_id)
    if tx.scalar(union_all(others, known).limit(1)) is not None:
        return False
    points = select(ContactPoint.id).where(ContactPoint.person_id == person_id)
    tx.execute(delete(ContactCode).where(ContactCode.contact_id.in_(points)))
    for model in (Notice, ContactPoint, NameKey, Snippet):
        tx.execute(delete(model).where(model.person_id == person_id))
    vault.destroy_key(tx, "person", person_id)
    tx.get_one(Person, person_id).display_name = None
    return True
