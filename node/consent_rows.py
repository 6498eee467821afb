"""Records of consent as rows: each is what its events say, and no event changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import consent as rules
from governance.consent import Basis, Evidence, Purpose, Standing
from governance.intake import Channel
from node.consent_texts import notice
from node.core import Node
from node.ids import new_id
from node.models.consent import Consent, ConsentEvent
from node.upsert import insert_rows

#: The version of the words somebody agrees to.
WORDING = "tell-2"
_EVIDENCE = {Channel.WEB: Evidence.FORM, Channel.API: Evidence.PROGRAM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody is asked to agree to, and how it came to be written down."""

    case_id: UUID
    purpose: Purpose
    recipient: str = ""
    language: str = "en"
    channel: Channel = Channel.WEB
    #: Who wrote it down for the member; None where the member did.
    captured_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """One thing that happens to a record."""

    state: Standing
    at: datetime
    by: UUID | None = None
    valid_until: datetime | None = None
    entry_seq: int | None = None


def begin(node: Node, tx: Session, asked: Asked, what: What) -> Consent:
    """Write down a new record, and the first thing that happened to it."""
    (id_,) = begin_all(node, tx, [(asked, what)])
    return tx.get_one(Consent, id_)


def begin_all(
    node: Node, tx: Session, given: Iterable[tuple[Asked, What]]
) -> list[UUID]:
    """Write down new records in two statements, however many; return their ids."""
    fresh = [(new_id(node), asked, what) for asked, what in given]
    insert_rows(tx, Consent, [_row(*one) for one in fresh])
    insert_rows(tx, ConsentEvent, [_event(id_, 0, what) for id_, _, what in fresh])
    return [id_ for id_, _, _ in fresh]


def carry_over(node: Node, tx: Session, rows: Iterable[Consent], case_id: UUID) -> None:
    """Write down for another case of the same words what was agreed to for them.

    When it was given and in which words stays as it was; it is taken back by itself.
    """
    names = Consent.__table__.columns.keys()
    for row in rows:
        fresh = Consent(**{name: getattr(row, name) for name in names})
        fresh.id, fresh.case_id, fresh.state = new_id(node), case_id, Standing.GIVEN
        given = next(it for it in events(tx, row.id) if it.state is Standing.GIVEN)
        what = What(
            state=Standing.GIVEN,
            at=given.at,
            by=given.actor_id,
            valid_until=row.valid_until,
        )
        tx.add(fresh)
        tx.flush()
        tx.add(ConsentEvent(**_event(fresh.id, 0, what)))
    tx.flush()


def _row(id_: UUID, asked: Asked, what: What) -> dict[str, object]:
    words = notice(asked.purpose, asked.language, asked.recipient)
    rules.step(None, what.state)
    held = what.state in rules.HELD
    return {
        "id": id_,
        "case_id": asked.case_id,
        "purpose": asked.purpose,
        "recipient": asked.recipient or None,
        "wording": WORDING,
        "notice_hash": words.hash,
        "language": words.tag,
        "basis": Basis.EXPLICIT_CONSENT,
        "channel": asked.channel,
        "captured_by": asked.captured_by,
        "evidence": _EVIDENCE.get(asked.channel, Evidence.READ_OUT),
        "state": what.state,
        "given_at": what.at if held else None,
        "valid_until": what.valid_until if held else None,
        "withdrawn_at": None,
    }


def _event(consent_id: UUID, seq: int, what: What) -> dict[str, object]:
    return {
        "consent_id": consent_id,
        "seq": seq,
        "at": what.at,
        "state": what.state,
        "valid_until": what.valid_until,
        "actor_id": what.by,
        "entry_seq": what.entry_seq,
    }


def mark(tx: Session, row: Consent, what: What) -> None:
    """Write down one more thing that happened to a record, or refuse."""
    rules.step(row.state, what.state)
    last = select(func.max(ConsentEvent.seq)).where(ConsentEvent.consent_id == row.id)
    seq = (tx.scalar(last) or 0) + 1
    tx.add(ConsentEvent(**_event(row.id, seq, what)))
    tx.flush()
    says = rules.fold(events(tx, row.id))
    if says is not None:
        row.state, row.given_at = says.state, says.given_at
        row.valid_until, row.withdrawn_at = says.valid_until, says.ended_at
    tx.flush()


def events(tx: Session, consent_id: UUID) -> list[ConsentEvent]:
    """Return everything that happened to a record, in order."""
    query = select(ConsentEvent).where(ConsentEvent.consent_id == consent_id)
    return list(tx.scalars(query.order_by(ConsentEvent.seq)))


def held(tx: Session, case_id: UUID, purposes: Iterable[Purpose]) -> list[Consent]:
    """Return what a member agreed to for these purposes and what was not ended."""
    query = select(Consent).where(
        Consent.case_id == case_id,
        Consent.purpose.in_(list(purposes)),
        Consent.state.in_(rules.HELD),
    )
    return list(tx.scalars(query.order_by(Consent.given_at, Consent.id)))
