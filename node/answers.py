"""What our advocates answer in public to other communities' cases.

An answer opens a chain of our own: the hash of what was received, then the reply. So
both communities hold both words, each in its own ledger.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from federation import threads
from federation.activities import text as one_text
from federation.cases import tombstone
from federation.inbox import Lane
from federation.origins import origin
from federation.threads import Reply
from federation.vocabulary import context
from governance.errors import NotFound
from governance.submissions import check_words
from ledger.author import Channel as Attested
from ledger.encoding import b64u
from ledger.entry import Role
from node import log, neighbours, outbox
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import iri
from node.inbox.registry import Handling
from node.log import Chain, Saying, Ticket
from node.models.publications import PublicAnswer, RemoteCase
from node.outbox import Sending


def answer(
    node: Node, chain_id: UUID, answer_id: UUID, text: str, *, by: Visitor
) -> Ticket:
    """Answer another community's case in public, under one's own name."""
    check_words(text)
    with node.begin() as tx:
        advocate, case = neighbours.advocate(tx, by), neighbours.case(tx, chain_id)
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
            at=node.now(),
            entry_seq=seq,
            state="sent",
            approval="",
        )
        tx.add(row)
        tx.flush()
        _send(node, tx, row, ticket.oid)
        return ticket


def approved(handling: Handling) -> bool:
    """Note that an answer of ours was let stand; False for other things."""
    node, tx = handling.node, handling.tx
    prefix = f"{node.settings.origin}/ap/replies/"
    row = tx.get(PublicAnswer, (handling.activity.object_id or "").removeprefix(prefix))
    if row is None:
        return False
    case = tx.get_one(RemoteCase, row.remote_case)
    if case.actor == handling.activity.actor and row.deleted_at is None:
        row.state = "approved"
        row.approval = one_text(handling.activity.document.get("result"))
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
        address = f"{node.settings.origin}/ap/replies/{key}"
        if row.deleted_at is not None:
            return tombstone(address, at=row.deleted_at), True
        said = threads.reply(_said(node, tx, row))
        return {"@context": context(), **said}, False


def _said(node: Node, tx: Session, row: PublicAnswer) -> Reply:
    case = tx.get_one(RemoteCase, row.remote_case)
    address = f"{node.settings.origin}/ap/replies/{row.key}"
    return Reply(
        id=address,
        author=f"{node.settings.origin}/ap/u/{row.handle}",
        parent=case.id,
        parent_author=case.actor,
        case_id=case.id,
        group=case.actor,
        words=row.text,
        language="en",
        page=address,
        published=row.at,
    )


def _send(node: Node, tx: Session, row: PublicAnswer, oid: int) -> None:
    said = _said(node, tx, row)
    document = threads.create(said, iri=iri(node, "activities"), at=node.now())
    sending = Sending(
        document=document, actor=f"/ap/u/{row.handle}", context=said.case_id, oid=oid
    )
    to = outbox.inboxes(tx, [said.parent_author], Lane.PUBLIC)
    outbox.put(node, tx, sending, to)
