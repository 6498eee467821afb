"""Digests: everything somebody is to be told, in one message at their time, once.

Each notice has a job of its own. The first that runs sends the digest; one that came
too late for it finds that out and goes into the next.
"""

from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from governance.notices import FAMILIES, Family, Pace
from node import gathering, hearing, jobs, language, notices, stopping
from node.core import Node
from node.models.log import LedgerEntry
from node.models.notices import Notice
from node.models.people import Person
from node.models.preferences import Digest
from node.models.start import Community

_LEASE = timedelta(minutes=2)


#: Marks a text for the catalogues; it is translated when the message is written.
def _(text: str) -> str:
    return text


_SUBJECT = _("%(community)s: what happened, in one message")
_WAITS = _("Waiting for you")
_ELSE = _("Also")
_END = _("How often you get this, and when, you choose here:\n%(link)s")
_STOP = _("Never again, without signing in:\n%(link)s")


def send(node: Node, notice_id: str) -> None:
    """Send the digest a notice is in, or put it into the next one."""
    if node.mail is None:
        raise jobs.Later("mail.off")
    digest_id = _claim(node, UUID(notice_id))
    if digest_id is None:
        return
    with node.read() as tx:
        digest = tx.get_one(Digest, digest_id)
        rows = [row for row in _waiting(tx, digest) if notices.wanted(node, tx, row)]
        ready = _write(node, tx, digest, rows)
    if ready is not None:
        try:
            node.mail.send(*ready)
        except OSError as error:
            _release(node, digest_id)
            raise jobs.Later("mail.refused") from error
    with node.begin() as tx:
        now = node.now()
        tx.get_one(Digest, digest_id).sent_at = now
        tx.execute(
            update(Notice)
            .where(Notice.id.in_([row.id for row in rows]))
            .values(sent_at=now, secrets=None)
        )


def _claim(node: Node, notice_id: UUID) -> UUID | None:
    """Return the digest to be sent now, held for a while; None if there is none."""
    with node.begin() as tx:
        notice = tx.get(Notice, notice_id, with_for_update=True)
        if notice is None or notice.secrets is None or notice.digest_id is None:
            return None
        digest = tx.get_one(Digest, notice.digest_id, with_for_update=True)
        chosen, now = hearing.of(tx, notice.person_id), node.now()
        if digest.sent_at is not None:
            pace = chosen.pace(notice.kind) or Pace.DAILY
            gathering.join(node, tx, notice, chosen, pace)
            return None
        if digest.due_at > now:
            return None
        if chosen.hours.is_quiet(now):
            at = chosen.hours.after(now)
            key = f"{gathering.JOB}/{notice.id}/{at.isoformat()}"
            jobs.put(
                node, tx, jobs.Asked(gathering.JOB, str(notice.id), at, notice.oid, key)
            )
            return None
        if digest.lease_until is not None and digest.lease_until > now:
            raise jobs.Later("digest.busy")
        digest.lease_until = now + _LEASE
        return digest.id


def _release(node: Node, digest_id: UUID) -> None:
    with node.begin() as tx:
        tx.get_one(Digest, digest_id).lease_until = None


def _waiting(tx: Session, digest: Digest) -> list[Notice]:
    # What is not in the log yet may be lost with its cause: it comes with the next.
    durable = select(LedgerEntry.oid).where(LedgerEntry.oid == Notice.oid).exists()
    return list(
        tx.scalars(
            select(Notice)
            .where(
                Notice.digest_id == digest.id,
                Notice.sent_at.is_(None),
                Notice.secrets.is_not(None),
                or_(Notice.oid.is_(None), durable),
            )
            .order_by(Notice.created_at, Notice.id)
        )
    )


def _write(
    node: Node, tx: Session, digest: Digest, rows: list[Notice]
) -> tuple[str, bytes] | None:
    spoken = language.spoken(tx.get_one(Person, digest.person_id).language)
    community = tx.get_one(Community, 1)
    lines: dict[str, list[str]] = {_WAITS: [], _ELSE: []}
    for row in rows:
        told = notices.line(node, tx, row, spoken)
        if told is not None:
            waits = FAMILIES.get(row.kind) is Family.NEEDS_YOU
            lines[_WAITS if waits else _ELSE].append(told)
    if not any(lines.values()):
        return None  # Nobody gets a message that says nothing.
    parts = [
        "\n\n".join([spoken.gettext(title), *found])
        for title, found in lines.items()
        if found
    ]
    choose = f"{node.settings.origin}/me/notices"
    parts.append(spoken.gettext(_END) % {"link": choose})
    stop = stopping.address(node, digest.person_id)
    parts.append(spoken.gettext(_STOP) % {"link": stop})
    message = EmailMessage(policy=notices.POLICY)
    message["Subject"] = spoken.gettext(_SUBJECT) % {"community": community.name}
    message["Message-ID"] = digest.message_id
    message["Date"] = digest.due_at
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    to = notices.address(node, tx, digest.contact_id, message)
    message.set_content("\n\n".join(parts) + "\n")
    message["Content-Language"] = spoken.tag
    # The library makes an encoded word of so long an address; no program reads that.
    head = f"List-Unsubscribe: <{stop}>\r\n".encode("ascii")
    return to, head + message.as_bytes()
