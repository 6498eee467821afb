"""A case becomes public by its member's consent, in the words they agreed to.

The consent names what is published and where it goes; taking it back takes the case
back from everybody who was told, and shows how far that has come.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import cases as wire
from federation.delivery import State as Way
from governance.access import Sent
from governance.cases import Outcome
from governance.consent import Purpose
from governance.errors import NotFound, NotYours, WrongState
from governance.submissions import check_words
from node import agreeing, log, proofs, published
from node.accounts import require_fresh
from node.accounts.visitor import Visitor
from node.cases import disclosures
from node.cases.disclosures import Left
from node.cases.hand import pick_up
from node.core import Node
from node.log import Ticket
from node.models.cases import Case
from node.models.outbox import Outgoing, Target
from node.models.publications import EndedPublication, Publication
from node.paging import PAGE, older

#: Where a public case goes: to everybody.
EVERYBODY = "everybody"
_LONGEST_TITLE = 120
_KEY = 16


@dataclass(frozen=True, slots=True)
class Recipient:
    """One node that was told of a public case, and what it knows by now."""

    origin: str
    told: bool
    #: `done`, `waiting`, `dropped`, ... of the newest thing it was told.
    state: Way
    type: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is public of a case, for whoever may see the case."""

    address: str
    #: What its member agreed to; taking that back ends it.
    consent_id: UUID
    title: str
    text: str
    published_at: datetime
    ended_at: datetime | None
    recipients: tuple[Recipient, ...]


def publish(
    node: Node, reference: str, title: str, text: str, *, by: Visitor
) -> Ticket:
    """Make a case public in these words. Only its member can.

    They have just proved who they are: what went out cannot be made unseen.
    """
    title = title.strip()
    check_words(title)
    check_words(text)
    if len(title) > _LONGEST_TITLE:
        title = title[:_LONGEST_TITLE].rstrip()
    with node.begin() as tx:
        hand = pick_up(node, tx, reference, by)
        if not hand.own:
            raise NotYours("Only its member decides who may see a case.")
        proofs.require(hand)
        require_fresh(by)
        log.require_writable(node)
        case = hand.case
        if case.outcome is Outcome.WITHDRAWN or case.state not in wire.STATUSES:
            raise WrongState("This case was taken back.")
        row = tx.get(Publication, hand.case.id)
        if row is not None and row.ended_at is None:
            raise WrongState("This case is public already.")
        chain = log.chain(node, tx, hand.case.id)
        consent = agreeing.agree(hand, chain, Purpose.PUBLISH, EVERYBODY)
        if row is None:
            row = Publication(case_id=hand.case.id)
            tx.add(row)
        else:
            tx.add(EndedPublication(key=row.key, ended_at=row.ended_at))
        # Taken back is gone: published again it is another thing under another id.
        row.key = node.dice(_KEY).hex()
        row.consent_id, row.title, row.text = consent, title, text.strip()
        row.published_at = row.updated_at = node.now()
        row.told_state, row.ended_at = hand.case.state, None
        tx.flush()
        disclosures.write(hand, chain, Left(Sent.PUBLIC_WORDS, EVERYBODY, consent))
        ticket = chain.write()
        tx.flush()
        published.created(node, tx, row, ticket.oid)
        return ticket


def shown(node: Node, reference: str, *, by: Visitor) -> Shown | None:
    """Return what is public of a case, and who was told; None if nothing ever was."""
    with node.read() as tx:
        hand = pick_up(node, tx, reference, by, lock=False)
        return of_case(node, tx, hand.case.id)


def of_case(node: Node, tx: Session, case_id: UUID) -> Shown | None:
    """Return the same for a case that was picked up before."""
    row = tx.get(Publication, case_id)
    if row is None:
        return None
    context = published.address(node, row)
    sent = tx.execute(
        select(Target, Outgoing.type)
        .join(Outgoing, Outgoing.seq == Target.seq)
        .where(Outgoing.context == context)
        .order_by(Target.seq)
    )
    newest = {target.origin: (target, type_) for target, type_ in sent}
    recipients = tuple(
        Recipient(origin, type_ != "Delete", target.state, type_, target.at)
        for origin, (target, type_) in sorted(newest.items())
    )
    return Shown(
        context, row.consent_id, row.title, row.text, row.published_at,
        row.ended_at, recipients,
    )  # fmt: skip


def document(node: Node, key: str) -> tuple[dict[str, object], bool]:
    """Return a public case as it is served, and whether it is gone."""
    with node.read() as tx:
        ended_at = published.ended_at(tx, key)
        if ended_at is not None:
            return wire.tombstone(published.iri_of(node, key), at=ended_at), True
        row = tx.scalar(select(Publication).where(Publication.key == key))
        if row is None:
            raise NotFound("There is nothing public here.")
        return wire.document(published.shown(node, tx, row)), False


def every(node: Node, before: str = "") -> list[tuple[str, str, str, datetime]]:
    """Return what is public: key, title, state and when, newest first.

    A page of it and one line more; with a key, what follows that line.
    """
    with node.read() as tx:
        last = tx.scalar(select(Publication).where(Publication.key == before))
        at, key = Publication.published_at, Publication.key
        rows = tx.execute(
            select(key, Publication.title, Case.state, at)
            .join(Case, Case.id == Publication.case_id)
            .where(
                Publication.ended_at.is_(None),
                *([older(at, key, (last.published_at, last.key))] if last else []),
            )
            .order_by(at.desc(), key.desc())
            .limit(PAGE + 1)
        )
        return [(key, title, state.value, at) for key, title, state, at in rows]
