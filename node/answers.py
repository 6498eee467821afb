"""What our advocates answer in public to other communities' cases.

An answer opens a chain of our own: the hash of what was received, then the reply. So
both communities hold both words, each in its own ledger.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import threads
from federation.activities import identifier
from federation.cases import delete, tombstone
from federation.inbox import Lane
from federation.origins import origin, same
from federation.threads import Reply
from federation.vocabulary import context
from governance.errors import NotFound, NotYours
from governance.submissions import check_words
from ledger.author import Channel as Attested
from ledger.encoding import b64u
from ledger.entry import Role
from node import log, neighbours, outbox
from node.accounts.visitor import Visitor
from node.cases.bundles import pack
from node.core import Node
from node.ids import iri
from node.inbox.registry import Handling
from node.log import Chain, Saying, Ticket
from node.models.outbox import Outgoing
from node.models.publications import PublicAnswer, RemoteCase
from node.models.start import Community
from node.outbox import Sending


def answer(
    node: Node, chain_id: UUID, answer_id: UUID, text: str, *, by: Visitor
) -> Ticket:
    """Answer another community's case in public, under one's own name."""
    check_words(text)
    with node.begin() as tx:
        advocate, case = (
            neighbours.advocate(tx, by),
            neighbours.answerable(tx, chain_id),
        )
        chain = _chain(node, tx, case)
        if tx.get(PublicAnswer, answer_id.hex) is not None:
            return log.ticket(tx, chain_id, chain.next_seq - 1)
        seq = chain.say(
            Saying(
                kind="reply",
                role=Role.ADVOCATE,
                channel=Attested(by.channel),
                facts={"message": str(answer_id), "method": by.kind},
                fields={"text": text},
                re=chain.last,
            )
        )
        ticket = chain.write()
        row = PublicAnswer(
            key=answer_id.hex,
            remote_case=case.id,
            handle=advocate.handle,
            text=text.strip(),
            language=by.language or tx.get_one(Community, 1).language,
            at=node.now(),
            entry_seq=seq,
            state="sent",
            approval="",
        )
        tx.add(row)
        tx.flush()
        _send(node, tx, row, ticket.oid)
        return ticket


def take_back(node: Node, chain_id: UUID, key: str, *, by: Visitor) -> Ticket:
    """Take back what one answered: gone here at once, and there they are asked to.

    Only whoever gave the answer can. Safe to call twice.
    """
    with node.begin() as tx:
        advocate = neighbours.advocate(tx, by)
        row = tx.get(PublicAnswer, key, with_for_update=True)
        case = tx.get(RemoteCase, row.remote_case) if row else None
        if row is None or case is None or case.chain_id != chain_id:
            raise NotFound("There is no such answer here.")
        if row.handle != advocate.handle:
            raise NotYours("Only whoever gave an answer takes it back.")
        chain = log.chain(node, tx, chain_id)
        if row.deleted_at is not None:
            return log.ticket(tx, chain_id, chain.next_seq - 1)
        chain.say(
            Saying(
                kind="withdraw",
                role=Role.ADVOCATE,
                channel=Attested(by.channel),
                facts={"message": str(UUID(key)), "method": by.kind},
                re=log.ticket(tx, chain_id, row.entry_seq).c,
            )
        )
        ticket = chain.write()
        row.text, row.state, row.deleted_at = "", "deleted", node.now()
        _call_back(node, tx, row, case, ticket.oid)
        return ticket


def bundle(node: Node, chain_id: UUID, *, by: Visitor) -> bytes | None:
    """Return every receipt of what ours answered; None while one is being sealed.

    What its community took back is no longer here; what we said to it still is.
    """
    with node.read() as tx:
        neighbours.advocate(tx, by)
        kept = select(RemoteCase.id).where(RemoteCase.chain_id == chain_id)
        case_id = tx.scalar(kept)
        if case_id is None or not log.has_chain(tx, chain_id):
            raise NotFound("Nothing was answered to such a case here.")
        about = f"What this community received of {case_id}, and what it answered"
        return pack(node, tx, chain_id, name=str(chain_id), about=about)


def approved(handling: Handling) -> bool:
    """Note that an answer of ours was let stand; False for other things."""
    node, tx = handling.node, handling.tx
    prefix = f"{node.settings.origin}/ap/replies/"
    row = tx.get(PublicAnswer, (handling.activity.object_id or "").removeprefix(prefix))
    if row is None:
        return False
    case = tx.get_one(RemoteCase, row.remote_case)
    # What is to prove the yes stands where the case does, or nothing was proven.
    stamp = identifier(handling.activity.document.get("result")) or ""
    stands = case.actor == handling.activity.actor and same(stamp, case.actor)
    if stands and row.deleted_at is None:
        row.state, row.approval = "approved", stamp
    return True


def _chain(node: Node, tx: Session, case: RemoteCase) -> Chain:
    if log.has_chain(tx, case.chain_id):
        return log.chain(node, tx, case.chain_id)
    chain = log.open_chain(node, tx, case.chain_id)
    fields = {"stmt": b64u(case.digest), "from": origin(case.id)}
    chain.say(Saying(kind="refer.in", role=Role.NODE, fields=fields))
    return chain


def document(node: Node, key: str) -> tuple[dict[str, object], bool]:
    """Return an answer of ours as it is served, and whether it is gone."""
    with node.read() as tx:
        row = tx.get(PublicAnswer, key)
        if row is None:
            raise NotFound("There is nothing public here.")
        own = address(node, row)
        if row.deleted_at is not None:
            return tombstone(own, at=row.deleted_at), True
        said = threads.reply(_said(node, tx, row))
        return {"@context": context(), **said}, False


def address(node: Node, row: PublicAnswer) -> str:
    """Return the id of an answer of ours."""
    return f"{node.settings.origin}/ap/replies/{row.key}"


def _said(node: Node, tx: Session, row: PublicAnswer) -> Reply:
    case = tx.get_one(RemoteCase, row.remote_case)
    return Reply(
        id=address(node, row),
        author=f"{node.settings.origin}/ap/u/{row.handle}",
        parent=case.id,
        parent_author=case.actor,
        case_id=case.id,
        group=case.actor,
        words=row.text,
        language=row.language,
        page=f"{node.settings.origin}/public/answers/{row.key}",
        published=row.at,
    )


def _send(node: Node, tx: Session, row: PublicAnswer, oid: int) -> None:
    said = _said(node, tx, row)
    document = threads.create(said, iri=iri(node, "activities"), at=node.now())
    to = outbox.inboxes(tx, [said.parent_author], Lane.PUBLIC)
    outbox.put(node, tx, _sending(row, said.id, document, oid), to)


def _call_back(
    node: Node, tx: Session, row: PublicAnswer, case: RemoteCase, oid: int
) -> None:
    own = address(node, row)
    sent = select(Outgoing.seq).where(Outgoing.context == own)
    outbox.forget(tx, tx.scalars(sent).all())
    document = delete(
        own,
        group=f"{node.settings.origin}/ap/u/{row.handle}",
        iri=iri(node, "activities"),
        at=node.now(),
    )
    to = outbox.inboxes(tx, [case.actor], Lane.PUBLIC)
    outbox.put(node, tx, _sending(row, own, document, oid), to)


def _sending(
    row: PublicAnswer, own: str, document: dict[str, object], oid: int
) -> Sending:
    # In an order of its own: what takes it back never overtakes it.
    return Sending(document=document, actor=f"/ap/u/{row.handle}", context=own, oid=oid)
