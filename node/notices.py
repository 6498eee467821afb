"""Telling people: a row beside its cause, a message that leaves later, once.

A message says that something happened and where to look; never what anybody wrote.
Its Message-ID is made when it is queued, so one that leaves twice is shown once.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.consent import Purpose, in_force
from governance.notices import Pace
from governance.people import ContactKind
from governance.pledges import PledgeKind
from node import gathering, hearing, jobs, language, people, vault
from node.core import Node
from node.ids import new_id
from node.language import Language
from node.models.cases import Case
from node.models.consent import Consent
from node.models.notices import Notice
from node.models.people import ContactPoint, Person
from node.models.pledges import Pledge
from node.models.start import Community
from node.notice_texts import TEXTS

JOB = "notice.send"
#: What says that we have it, where no page said so; and the work that this leaves.
ACKNOWLEDGED = "intake.acknowledged"
_ACKNOWLEDGES = frozenset({"submission.received", "submission.for-you"})
#: How messages are written down for a relay.
POLICY = SMTP


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about, and what its text needs."""

    kind: str
    values: Mapping[str, str]
    case_id: UUID | None = None
    #: The ledger entry that must be durable before anybody is told.
    oid: int | None = None


def queue(node: Node, tx: Session, point: ContactPoint, about: About) -> bool:
    """Write down a message to one contact; False when it will not be sent."""
    if node.mail is None or point.kind is not ContactKind.EMAIL:
        return False
    key = vault.key_of(node, tx, "person", point.person_id)
    chosen = hearing.of(tx, point.person_id)
    pace = chosen.pace(about.kind)
    if key is None or pace is Pace.NEVER:
        return False
    id_, now = new_id(node), node.now()
    place = vault.Place("notice", "secrets", id_)
    row = Notice(
        id=id_,
        person_id=point.person_id,
        contact_id=point.id,
        case_id=about.case_id,
        kind=about.kind,
        message_id=f"<{id_}@{node.settings.hostname}>",
        secrets=vault.seal(node, key, place, json.dumps(dict(about.values))),
        created_at=now,
        sent_at=None,
        oid=about.oid,
    )
    tx.add(row)
    if pace in {Pace.DAILY, Pace.WEEKLY}:
        gathering.join(node, tx, row, chosen, pace)
        return True
    at = chosen.hours.after(now) if pace else now
    jobs.put(node, tx, jobs.Asked(JOB, str(id_), at, about.oid))
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
        if notice is None or notice.sent_at or not wanted(node, tx, notice):
            return
        at = _undisturbed(node, tx, notice)
        ready = _write(node, tx, notice)
    if at > node.now():
        _put_off(node, notice, at)
        return
    if ready is None:
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
        if notice.kind in _ACKNOWLEDGES and _is_owed(tx, notice):
            asked = jobs.Asked(ACKNOWLEDGED, str(notice.id), node.now())
            jobs.put(node, tx, asked)


def _is_owed(tx: Session, notice: Notice) -> bool:
    owed = select(Pledge.id).where(
        Pledge.case_id == notice.case_id,
        Pledge.kind == PledgeKind.ACKNOWLEDGE,
        Pledge.met_at.is_(None),
    )
    return tx.scalar(owed.limit(1)) is not None


def _undisturbed(node: Node, tx: Session, notice: Notice) -> datetime:
    """Return when a notice may leave: now, or after its reader's quiet hours."""
    chosen = hearing.of(tx, notice.person_id)
    now = node.now()
    return chosen.hours.after(now) if chosen.pace(notice.kind) else now


def _put_off(node: Node, notice: Notice, at: datetime) -> None:
    key = f"{JOB}/{notice.id}/{at.isoformat()}"
    with node.begin() as tx:
        jobs.put(node, tx, jobs.Asked(JOB, str(notice.id), at, notice.oid, key))


def wanted(node: Node, tx: Session, notice: Notice) -> bool:
    """Say whether its reader still agrees to be told of this, and wants to be."""
    if hearing.of(tx, notice.person_id).pace(notice.kind) is Pace.NEVER:
        return False
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
    person = tx.get_one(Person, notice.person_id)
    community = tx.get_one(Community, 1)
    message = EmailMessage(policy=POLICY)
    message["Message-ID"] = notice.message_id
    message["Date"] = notice.created_at
    to = address(node, tx, notice.contact_id, message)
    _fill(
        message, notice.kind, {"community": community.name, **values}, person.language
    )
    return to, message.as_bytes()


def address(node: Node, tx: Session, contact_id: UUID, message: EmailMessage) -> str:
    """Write into a message whom it is from and for; return the address."""
    to = people.contact_of(node, tx, tx.get_one(ContactPoint, contact_id)).value
    sender = node.settings.mail_from or f"folkmoot@{node.settings.hostname}"
    message["From"] = _mailbox(tx.get_one(Community, 1).name, sender)
    message["To"] = to
    message["Auto-Submitted"] = "auto-generated"
    return to


def line(node: Node, tx: Session, notice: Notice, spoken: Language) -> str | None:
    """Return what a digest says of a notice: its subject, and where to look."""
    key = vault.key_of(node, tx, "person", notice.person_id)
    if key is None or notice.secrets is None:
        return None
    place = vault.Place("notice", "secrets", notice.id)
    values = json.loads(vault.unseal(key, place, notice.secrets))
    subject, _ = TEXTS[notice.kind]
    named = {"community": tx.get_one(Community, 1).name, **values}
    told = spoken.gettext(subject) % named
    return f"{told}\n{values['link']}" if "link" in values else told


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
