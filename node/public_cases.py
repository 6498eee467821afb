"""What is public as people read it: a case and its answers, or an answer of ours.

Nothing here comes from the private file: only what its member agreed to show, and the
replies that were let stand.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from federation.cases import STATUSES
from governance.errors import NotFound
from node import answers, log, publications, published, replies
from node.accounts.visitor import Visitor
from node.cases.hand import pick_up
from node.core import Node
from node.models.actors import AdvocateActor
from node.models.publications import (
    PublicAnswer,
    Publication,
    PublicReply,
    RemoteCase,
)
from node.publications import Shown
from node.replies import ReplyLine


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What everybody sees of a public case."""

    #: Its id, by which it is found and answered from other servers.
    address: str
    number: str
    title: str
    text: str
    language: str
    #: As it is told to others: `fm:open`, `fm:assigned` and so on.
    status: str
    published_at: datetime
    replies: tuple[ReplyLine, ...]


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What one of ours answered elsewhere. Once it was taken back no words are left."""

    #: Its id, by which it is found from other servers.
    address: str
    name: str
    #: The author's account, as other servers write it.
    account: str
    text: str
    language: str
    at: datetime
    ended_at: datetime | None
    #: What was answered; its title is empty for a case that was taken back.
    case_address: str
    case_title: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a case in public, or waits to."""

    #: None if nothing of the case ever was public.
    shown: Shown | None
    #: What waits for a decision, what was let stand, and what its author took back.
    replies: tuple[ReplyLine, ...]
    #: Entry and seal of what was let stand once, by its key; no seal while not in the
    #: log.
    seals: dict[str, tuple[int, str]]


def page(node: Node, key: str) -> PublicPage:
    """Return a public case by the last part of its address."""
    with node.read() as tx:
        row = tx.scalar(select(Publication).where(Publication.key == key))
        if row is None or row.ended_at is not None:
            raise NotFound("There is nothing public here.")
        facts = published.shown(node, tx, row)
        return PublicPage(
            address=facts.id,
            number=facts.number,
            title=facts.title,
            text=facts.words,
            language=facts.language,
            status=STATUSES.get(facts.state, ""),
            published_at=facts.published,
            replies=tuple(replies.lines(tx, row.case_id, "approved")),
        )


def ended_at(node: Node, key: str) -> datetime | None:
    """Return when the case of this address was taken back; None if it was not."""
    with node.read() as tx:
        return published.ended_at(tx, key)


def answer(node: Node, key: str) -> AnswerPage:
    """Return what one of ours answered, by the last part of its address."""
    with node.read() as tx:
        found = tx.execute(
            select(PublicAnswer, RemoteCase, AdvocateActor.name)
            .join(RemoteCase, RemoteCase.id == PublicAnswer.remote_case)
            .join(AdvocateActor, AdvocateActor.handle == PublicAnswer.handle)
            .where(PublicAnswer.key == key)
        ).one_or_none()
    if found is None:
        raise NotFound("There is nothing public here.")
    row, case, name = found
    return AnswerPage(
        address=answers.address(node, row),
        name=name,
        account=f"@{row.handle}@{node.settings.host}",
        text=row.text,
        language=row.language,
        at=row.at,
        ended_at=row.deleted_at,
        case_address=case.id,
        case_title=case.name,
    )


def beside(node: Node, reference: str, *, by: Visitor) -> Beside:
    """Return what belongs to the public side of a case, for whoever may see it."""
    with node.read() as tx:
        case = pick_up(node, tx, reference, by, lock=False).case
        lines = replies.lines(tx, case.id, "pending", "approved", "deleted")
        stood = tx.execute(
            select(PublicReply.key, PublicReply.entry_seq).where(
                PublicReply.case_id == case.id, PublicReply.entry_seq.is_not(None)
            )
        ).all()
        printed = log.seals(tx, case.id) if stood else {}
        return Beside(
            publications.of_case(node, tx, case.id),
            tuple(lines),
            {key: (seq, printed.get(seq, "")) for key, seq in stood if seq is not None},
        )
