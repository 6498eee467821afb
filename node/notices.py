"""Telling people: a row beside its cause, a message that leaves later, once.

A message says that something happened and where to look; never what anybody wrote.
Its Message-ID is made when it is queued, so one that leaves twice is shown once.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.consent import Purpose, in_force
from governance.people import ContactKind
from node import jobs, language, people, vault
from node.core import Node
from node.ids import new_id
from node.models.cases import Case
from node.models.consent import Consent
from node.models.notices import Notice
from node.models.people import ContactPoint, Person
from node.models.start import Community
from node.notice_texts import TEXTS

JOB = "notice.send"


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about, and what its text needs."""

    kind: str
    values: Mapping[str, str]
    case_id: UUID | None = None
    #: The ledger entry that must be durable before anybody is told.
    oid: int | None = None


def queue(node: Node, tx: Session, point: ContactPoint, about: About) -> bool:
    """Write down a message to one contact; False when this node sends no mail."""
    if node.mail is None or point.kind is not ContactKind.EMAIL:
        return False
    key = vault.key_of(node, tx, "person", point.person_id)
    if key is None:
        return False
    id_, now = new_id(node), node.now()
    place = vault.Place("notice", "secrets", id_)
    tx.add(
        Notice(
            id=id_,
            person_id=point.person_id,
            contact_id=point.id,
            case_id=about.case_id,
            kind=about.kind,
            message_id=f"<{id_}@{node.settings.hostname}>",
            secrets=vault.seal(node, key, place, json.dumps(dict(about.values))),
            created_at=now,
            sent_at=None,
        )
    )
    jobs.put(node, tx, jobs.Asked(JOB, str(id_), now, about.oid))
    return True


def cancel(tx: Session, case_id: UUID) -> None:
    """Let go of what was to be told about a case and has not left yet."""
    tx.execute(
        update(Notice)
        .where(Notice.case_id == case_id, Notice.sent_at.is_(None))
        .values(secrets=None)
    )


def send(node: Node, notice_id: str) -> None:
    """Hand one message to the relay. The relay is met between two transactions."""
    if node.mail is None:
        raise jobs.Later("mail.off")
    with node.read() as tx:
        notice = tx.get(Notice, UUID(notice_id))
        wanted = notice is not None and not notice.sent_at and _may(node, tx, notice)
        ready = _write(node, tx, notice) if notice and wanted else None
    if notice is None or ready is None:
        return
    to, message = ready
    try:
        node.mail.send(to, message)
    except OSError as error:
        raise jobs.Later("mail.refused") from error
    with node.begin() as tx:
        tx.execute(
            update(Notice)
            .where(Notice.id == notice.id)
            .values(sent_at=node.now(), secrets=None)
        )


def _may(node: Node, tx: Session, notice: Notice) -> bool:
    """Say whether the member still agrees to be told of their case."""
    case = tx.get(Case, notice.case_id) if notice.case_id else None
    if case is None or case.member_id != notice.person_id:
        return True
    rows = tx.scalars(
        select(Consent).where(
            Consent.case_id == case.id, Consent.purpose == Purpose.CONTACT_CASE
        )
    )
    return any(in_force(row, at=node.now()) for row in rows)


def _write(node: Node, tx: Session, notice: Notice) -> tuple[str, bytes] | None:
    key = vault.key_of(node, tx, "person", notice.person_id)
    if key is None or notice.secrets is None:
        return None
    place = vault.Place("notice", "secrets", notice.id)
    values = json.loads(vault.unseal(key, place, notice.secrets))
    to = people.contact_of(node, tx, tx.get_one(ContactPoint, notice.contact_id)).value
    person = tx.get_one(Person, notice.person_id)
    community = tx.get_one(Community, 1)
    message = EmailMessage(policy=SMTP)
    sender = node.settings.mail_from or f"folkmoot@{node.settings.hostname}"
    message["From"] = _mailbox(community.name, sender)
    message["To"] = to
    message["Message-ID"] = notice.message_id
    message["Date"] = notice.created_at
    message["Auto-Submitted"] = "auto-generated"
    _fill(
        message, notice.kind, {"community": community.name, **values}, person.language
    )
    return to, message.as_bytes()


def _mailbox(name: str, address: str) -> str:
    plain = "".join(letter for letter in name if letter.isalnum() or letter in " -'")
    return f'"{plain}" <{address}>'


def _fill(
    message: EmailMessage, kind: str, values: Mapping[str, str], wanted: str
) -> None:
    subject, body = TEXTS[kind]
    spoken = language.spoken(wanted)
    message["Subject"] = spoken.gettext(subject) % values
    message.set_content(spoken.gettext(body) % values)
    message["Content-Language"] = spoken.tag  # after the content, which clears it
