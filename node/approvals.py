"""Letting a reply stand beside a public case: sealed, told to its author, passed on."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import inbox as wire
from federation import markup, strict, threads
from federation.threads import Approval
from governance.errors import NotFound, NotYours
from ledger.encoding import b64u
from ledger.entry import Role
from node import log, outbox, proofs, published
from node.accounts.visitor import Visitor
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.ids import iri
from node.log import Chain, Saying, Ticket
from node.models.outbox import Outgoing
from node.models.peers import RemoteActor
from node.models.publications import Publication, PublicReply

_ANSWER = "case.reply"


def approve(node: Node, reference: str, key: str, *, by: Visitor) -> Ticket:
    """Let a reply stand beside the case: sealed, told to its author, passed on."""
    with node.begin() as tx:
        hand, row = _picked(node, tx, reference, key, by)
        proofs.require(hand)
        chain = log.chain(node, tx, hand.case.id)
        if row.state != "pending":
            return log.ticket(tx, hand.case.id, chain.next_seq - 1)
        row.entry_seq = _seal(chain, row, tx)
        row.state, row.decided_at = "approved", node.now()
        ticket = chain.write()
        _tell(node, tx, row, ticket.oid)
        return ticket


def reject(node: Node, reference: str, key: str, *, by: Visitor) -> None:
    """Let a reply not stand beside the case. Nobody but us learns of it."""
    with node.begin() as tx:
        _, row = _picked(node, tx, reference, key, by)
        if row.state == "pending":
            row.state, row.decided_at = "rejected", node.now()
            row.raw = None


def _picked(
    node: Node, tx: Session, reference: str, key: str, by: Visitor
) -> tuple[Hand, PublicReply]:
    hand = pick_up(node, tx, reference, by)
    if not (hand.own or hand.may(_ANSWER)):
        raise NotYours("Its member and who answers the case decide about replies.")
    # Locked, and read behind the lock: its author may be deleting it just now.
    row = tx.scalar(
        select(PublicReply)
        .where(PublicReply.case_id == hand.case.id, PublicReply.key == key)
        .with_for_update()
    )
    now_public = published.living(tx, hand.case)
    if row is None or now_public is None or row.at < now_public.published_at:
        raise NotFound("There is no such reply here.")
    return hand, row


def _seal(chain: Chain, row: PublicReply, tx: Session) -> int:
    actor = tx.get(RemoteActor, row.actor)
    text = markup.plain(row.html)
    seq = chain.say(
        Saying(kind="reply", role=Role.PARTNER, fields={"text": text}, re=chain.last)
    )
    chain.say(
        Saying(
            kind="deliver",
            role=Role.NODE,
            fields={"to": actor.origin if actor else "", "stmt": b64u(row.digest)},
        )
    )
    return seq


def _tell(node: Node, tx: Session, row: PublicReply, oid: int) -> None:
    publication = tx.get_one(Publication, row.case_id)
    facts = published.shown(node, tx, publication)
    approval = Approval(
        reply=row.id,
        author=row.actor,
        case_id=facts.id,
        group=facts.group,
        stamp=f"{node.settings.origin}/ap/stamps/{row.key}",
    )
    author = outbox.inboxes(tx, [row.actor], wire.Lane.PUBLIC)
    now = node.now()
    said = threads.approval(approval, iri=iri(node, "activities"), at=now)
    outbox.put(node, tx, published.sending(node, tx, publication, said, oid), author)
    # Unchanged, as its author signed it: others can check it without asking us.
    activity, row.raw = strict.loads(row.raw or b"null"), None
    if isinstance(activity, dict):
        passed_on = threads.announce(
            activity, group=facts.group, iri=iri(node, "activities"), at=now
        )
        row.announce_id = str(passed_on["id"])
        to = {*published.followers(node, tx), *author}
        outbox.put(node, tx, published.sending(node, tx, publication, passed_on), to)


def forget(node: Node, tx: Session, row: PublicReply) -> bool:
    """Let go of a reply's words, and tell everybody they may have been passed on to.

    False if nothing of it was passed on, or it went with its case.
    """
    row.html, row.raw, row.state = "", None, "deleted"
    sent = tx.scalar(select(Outgoing).where(Outgoing.activity_id == row.announce_id))
    if sent is None or not sent.raw:
        return False
    outbox.forget(tx, [sent.seq])
    publication = tx.get_one(Publication, row.case_id)
    facts = published.shown(node, tx, publication)
    undone = threads.unannounce(
        sent.activity_id,
        row.activity_id,
        group=facts.group,
        iri=iri(node, "activities"),
        at=node.now(),
    )
    to = published.known_to(node, tx, publication)
    outbox.put(node, tx, published.sending(node, tx, publication, undone), to)
    return True


def stamp(node: Node, key: str) -> dict[str, object]:
    """Return the proof of an approval, for as long as it holds."""
    with node.read() as tx:
        row = tx.scalar(
            select(PublicReply).where(
                PublicReply.key == key, PublicReply.state == "approved"
            )
        )
        publication = tx.get(Publication, row.case_id) if row else None
        if row is None or publication is None or publication.ended_at is not None:
            raise NotFound("There is no such approval.")
        # Published again it is another thing: what stood beside the old one does not.
        if row.at < publication.published_at:
            raise NotFound("There is no such approval.")
        facts = published.shown(node, tx, publication)
    address = f"{node.settings.origin}/ap/stamps/{key}"
    approval = Approval(row.id, row.actor, facts.id, facts.group, address)
    return threads.served_stamp(approval)
