"""Public cases of other communities, and what our advocates answer to them.

An answer opens a chain of our own: the hash of what was received, then the reply. So
both communities hold both words, each in its own ledger.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Exists, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from federation import inbox as wire
from federation import markup
from federation.activities import text as one_text
from federation.cases import ReceivedNote, read_post
from federation.errors import ActorMismatch
from federation.origins import origin
from federation.vocabulary import dump
from governance.errors import NotFound, NotYours
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import new_id
from node.inbox.registry import Handling
from node.models.actors import AdvocateActor
from node.models.follows import Follow
from node.models.peers import RemoteActor
from node.models.publications import PublicAnswer, RemoteCase
from node.paging import PAGE, older


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What one of ours answered in public."""

    #: The last part of its public address.
    key: str
    name: str
    text: str
    at: datetime
    #: `sent`, `approved` or `deleted`.
    state: str
    #: Whether whoever looks gave it, and may take it back.
    own: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A public case of another community, as our advocates see it."""

    chain_id: UUID
    id: str
    community: str
    host: str
    name: str
    html: str
    number: str
    status: str
    at: datetime
    answers: tuple[AnswerLine, ...] = ()


# What other nodes say about their cases.


def told(handling: Handling) -> bool:
    """Keep a case that a community we follow made known; False for other things."""
    if handling.activity.object is None or not _is_followed(handling):
        return False
    note = read_post(handling.activity)
    if "fm:caseStatus" not in note.document or not note.public:
        return False
    _keep(handling, note)
    return True


def _is_followed(handling: Handling) -> bool:
    return bool(handling.tx.scalar(select(_followed(handling.activity.actor))))


def _followed(actor: str | InstrumentedAttribute[str]) -> Exists:
    return exists().where(Follow.object == actor, Follow.state == "accepted")


def _keep(handling: Handling, note: ReceivedNote) -> None:
    node, tx = handling.node, handling.tx
    now, said = node.now(), note.changed or note.published
    row = tx.get(RemoteCase, note.id, with_for_update=True)
    if row is None:
        row = RemoteCase(id=note.id, chain_id=new_id(node), received_at=now)
        tx.add(row)
        row.actor = note.author
        row.published_at = note.published or now
    elif handling.activity.type == "Create" or _is_older(said, row.changed_at):
        return  # A change was quicker, and said all there is to say.
    if row.actor != note.author or row.deleted_at is not None:
        return
    row.name, row.html = note.name, note.source
    row.number = one_text(note.document.get("fm:caseNumber"))
    row.status = one_text(note.document.get("fm:caseStatus"))
    row.digest = wire.fingerprint(dump(note.document))
    # Nothing changed in the future: a clock that was ahead does not stop the case.
    row.changed_at = min(said, now) if said else None


def _is_older(said: datetime | None, known: datetime | None) -> bool:
    return said is not None and known is not None and said < known


def gone(handling: Handling) -> None:
    """Forget a case that its community took back."""
    id_ = handling.activity.object_id or ""
    row = handling.tx.get(RemoteCase, id_, with_for_update=True)
    if row is not None and row.actor != handling.activity.actor:
        raise ActorMismatch("This is somebody else's.")
    if row is not None:
        forget(handling.node, row)


def forget(node: Node, row: RemoteCase) -> None:
    """Let go of a case's words, here and now."""
    row.name = row.html = ""
    row.deleted_at = node.now()


# What our own advocates see and do.


def every(node: Node, *, by: Visitor, before: UUID | None = None) -> list[CaseLine]:
    """Return the public cases of the communities we follow, newest first.

    A page of it and one line more; with the chain of one, what follows that line.
    """
    at = RemoteCase.received_at
    with node.read() as tx:
        advocate(tx, by)
        last = tx.scalar(select(RemoteCase).where(RemoteCase.chain_id == before))
        rows = tx.execute(
            select(RemoteCase, RemoteActor)
            .outerjoin(RemoteActor, RemoteActor.id == RemoteCase.actor)
            .where(
                RemoteCase.deleted_at.is_(None),
                _followed(RemoteCase.actor),
                *(
                    [older(at, RemoteCase.id, (last.received_at, last.id))]
                    if last
                    else []
                ),
            )
            .order_by(at.desc(), RemoteCase.id.desc())
            .limit(PAGE + 1)
        )
        return [_line(row, actor, ()) for row, actor in rows]


def one(node: Node, chain_id: UUID, *, by: Visitor) -> CaseLine:
    """Return one of them, with what ours answered."""
    with node.read() as tx:
        own = advocate(tx, by).handle
        row = case(tx, chain_id)
        answers = tx.execute(
            select(PublicAnswer, AdvocateActor.name)
            .join(AdvocateActor, AdvocateActor.handle == PublicAnswer.handle)
            .where(PublicAnswer.remote_case == row.id)
            .order_by(PublicAnswer.at)
        )
        lines = tuple(
            AnswerLine(
                answer.key,
                name,
                answer.text,
                answer.at,
                answer.state,
                own=answer.handle == own,
            )
            for answer, name in answers
        )
        return _line(row, tx.get(RemoteActor, row.actor), lines)


def advocate(tx: Session, by: Visitor) -> AdvocateActor:
    """Return the public name of whoever asks, or refuse who has none."""
    row = tx.scalar(
        select(AdvocateActor).where(
            AdvocateActor.person_id == by.person_id, AdvocateActor.closed_at.is_(None)
        )
    )
    if row is None or "advocate" not in by.roles:
        raise NotYours("Advocates who chose a public name answer other communities.")
    return row


def case(tx: Session, chain_id: UUID) -> RemoteCase:
    """Return one of them that is still there."""
    row = tx.scalar(select(RemoteCase).where(RemoteCase.chain_id == chain_id))
    if row is None or row.deleted_at is not None:
        raise NotFound("There is no such case here.")
    return row


def answerable(tx: Session, chain_id: UUID) -> RemoteCase:
    """Return one of them whose community ours still follows, and so hears of."""
    row = case(tx, chain_id)
    if not tx.scalar(select(_followed(row.actor))):
        raise NotFound("Our community does not follow theirs any more.")
    return row


def _line(
    row: RemoteCase, actor: RemoteActor | None, answers: tuple[AnswerLine, ...]
) -> CaseLine:
    return CaseLine(
        chain_id=row.chain_id,
        id=row.id,
        community=(actor.name or actor.handle) if actor else row.actor,
        host=origin(row.id).partition("//")[2],
        name=row.name,
        html=markup.clean(row.html),
        number=row.number,
        status=row.status,
        at=row.received_at,
        answers=answers,
    )
