"""Replies to our public cases, from partners and from anybody: held until approved.

An approved reply is passed on as it came. It stands in the case's chain with the hash
of what was received, and is never merged into the private file.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from federation import inbox as wire
from federation import markup, origins, threads
from federation.cases import ReceivedNote
from federation.errors import ActorMismatch
from federation.policy import Access, Decision, Facts, Kind, Thing, Verb, may
from node import approvals, erasing, inbox, peers, published
from node.accounts.visitor import Visitor
from node.cases.hand import pick_up
from node.core import Node
from node.inbox.registry import Handling
from node.models.peers import RemoteActor
from node.models.publications import Publication, PublicReply, RemoteCase

_KEY = 16
#: How many replies of one author wait beside one case: somebody has to read them.
MOST_WAITING = 5


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One reply, as whoever may see the case sees it."""

    key: str
    author: str
    address: str
    host: str
    html: str
    state: str
    at: datetime


def came(handling: Handling) -> bool:
    """Keep an answer to one of our public cases; False if it is about another thing."""
    node, tx = handling.node, handling.tx
    note = threads.read_reply(handling.activity)
    publication = _answered(node, tx, note)
    if publication is None:
        return _awaited(handling, note)
    if tx.get(PublicReply, note.id) is not None:
        return True
    if not _allowed(node, handling, publication).waits:
        handling.row.problem = "not-wanted"
        return True
    if _waiting(tx, publication, note.author) >= MOST_WAITING:
        # Of what nobody will read nothing is kept.
        handling.row.problem, handling.row.raw = "too-many-waiting", None
        return True
    tx.add(
        PublicReply(
            id=note.id,
            case_id=publication.case_id,
            key=node.dice(_KEY).hex(),
            actor=note.author,
            in_reply_to=note.in_reply_to or "",
            html=note.source,
            digest=wire.fingerprint(handling.activity.raw),
            activity_id=handling.activity.id,
            raw=handling.activity.raw,
            state="pending",
            at=node.now(),
        )
    )
    inbox.arrived(node, tx, note.id)
    return True


def _awaited(handling: Handling, note: ReceivedNote) -> bool:
    # What is ours is here or nowhere, and what is known is no public case of ours.
    parent = note.in_reply_to or ""
    known = (RemoteCase, PublicReply)
    if origins.same(parent, handling.node.settings.origin) or any(
        handling.tx.get(model, parent) for model in known
    ):
        return False
    inbox.wait(handling, parent)
    return True


def _answered(node: Node, tx: Session, note: ReceivedNote) -> Publication | None:
    prefix = f"{node.settings.origin}/ap/cases/"
    key = (note.in_reply_to or "").removeprefix(prefix)
    found = tx.scalar(select(Publication).where(Publication.key == key))
    if found is None:
        parent = tx.get(PublicReply, note.in_reply_to or "")
        found = tx.get(Publication, parent.case_id) if parent else None
    return found if found is not None and found.ended_at is None else None


def _waiting(tx: Session, publication: Publication, author: str) -> int:
    found = select(func.count()).where(
        PublicReply.actor == author,
        PublicReply.case_id == publication.case_id,
        PublicReply.at >= publication.published_at,
        PublicReply.state == "pending",
    )
    return tx.scalar(found) or 0


def _allowed(node: Node, handling: Handling, publication: Publication) -> Decision:
    thing = Thing(published.address(node, publication), "", Kind.POST)
    modes = peers.modes(handling.tx, [handling.row.origin])
    facts = Facts(modes=modes, replies=Access.ASKED)
    return may(handling.activity.actor, Verb.REPLY, thing, facts)


def taken_back(handling: Handling) -> None:
    """Whoever wrote a reply deleted it."""
    node, tx, activity = handling.node, handling.tx, handling.activity
    # Locked: it may be approved just now, and then what is passed on has to go.
    row = tx.get(PublicReply, activity.object_id or "", with_for_update=True)
    if row is not None and row.actor != activity.actor:
        raise ActorMismatch("This is somebody else's.")
    if row is not None and forget(node, tx, row):
        # Some servers act on what its author says, and on nothing else.
        published.passed_on(node, tx, row.case_id, activity)


def forget(node: Node, tx: Session, row: PublicReply) -> bool:
    """Let go of a reply's words: here, in the chain, and in what we passed on."""
    passed_on = approvals.forget(node, tx, row)
    if row.entry_seq is not None:
        erasing.take_back(node, tx, row.case_id, row.entry_seq)
    return passed_on


def listed(node: Node, reference: str, *, by: Visitor) -> list[ReplyLine]:
    """Return the replies to a public case, oldest first."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        return lines(tx, hand.case.id)


def lines(tx: Session, case_id: object, *states: str) -> list[ReplyLine]:
    """Return the replies to a case, all of them or those of some states."""
    query = (
        select(PublicReply, RemoteActor)
        .outerjoin(RemoteActor, RemoteActor.id == PublicReply.actor)
        .join(Publication, Publication.case_id == PublicReply.case_id)
        .where(
            PublicReply.case_id == case_id,
            # Published again it is another thing, with no replies yet.
            PublicReply.at >= Publication.published_at,
        )
        .order_by(PublicReply.at)
    )
    if states:
        query = query.where(PublicReply.state.in_(states))
    return [_line(row, actor) for row, actor in tx.execute(query)]


def _line(row: PublicReply, actor: RemoteActor | None) -> ReplyLine:
    host = actor.origin.partition("//")[2] if actor else ""
    address = f"@{actor.handle}@{host}" if actor else row.actor
    return ReplyLine(
        row.key,
        (actor.name or actor.handle) if actor else row.actor,
        address,
        host,
        markup.clean(row.html),
        row.state,
        row.at,
    )
