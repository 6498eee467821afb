"""Telling something for somebody: their yes, at most half an hour, all of it on record.

The case is theirs from its first word. Whoever typed it learns its number, and opens it
no more than anybody else at the desk.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from governance import proxies as rules
from governance.errors import AuthRequired, ChoiceInvalid
from governance.intake import Channel
from governance.people import ContactKind
from governance.predicates import Resource
from node import governance, people, throttle
from node.accounts.visitor import Visitor
from node.core import Node
from node.ids import new_id
from node.intake import For
from node.models.cases import Case
from node.models.proxies import Beside, Proxy
from node.submissions import Submitted, Told, submit


@dataclass(frozen=True, slots=True)
class Session:
    """A time beside somebody that is not over."""

    id: UUID
    ends_at: datetime
    #: What was told in it so far.
    references: tuple[str, ...]


def begin(node: Node, *, agreed: bool, by: Visitor) -> UUID:
    """Begin to act for the person beside oneself, who agrees to it on the screen."""
    with node.begin() as tx:
        holder = _require(node, tx, by)
        rules.check_agreed(agreed=agreed)
        now = node.now()
        for row in _running(tx, holder, now):
            row.ended_at = now  # Nobody sits beside two people at once.
        id_ = new_id(node)
        tx.add(Beside(id=id_, by_id=holder, agreed_at=now, ends_at=now + rules.LASTS))
        return id_


def end(node: Node, id_: UUID, *, by: Visitor) -> None:
    """End it, before its time is over. Safe to ask for twice."""
    with node.begin() as tx:
        row = tx.get(Beside, id_)
        if row is not None and row.by_id == by.person_id and row.ended_at is None:
            row.ended_at = min(node.now(), row.ends_at)


def session(node: Node, *, by: Visitor) -> Session | None:
    """Return the time beside somebody that runs now, if one does."""
    with node.read() as tx:
        holder = _require(node, tx, by)
        row = next(iter(_running(tx, holder, node.now())), None)
        if row is None:
            return None
        told = (
            select(Case.reference)
            .join(Proxy, Proxy.case_id == Case.id)
            .where(Proxy.beside_id == row.id)
            .order_by(Case.received_at)
        )
        return Session(row.id, row.ends_at, tuple(tx.scalars(told)))


def tell(
    node: Node, told: Told, *, by: Visitor, beside: UUID | None = None
) -> Submitted:
    """Tell something for somebody else; the case is theirs, and they are told."""
    with node.begin(durable=False) as tx:
        holder = _require(node, tx, by)
        if beside is not None:
            _check(node, tx, beside, holder)
        else:
            _check_reached(node, told)
        digest = people.reached(node, told.contact) or told.id.bytes
        throttle.count(node, tx, "submission.for", str(holder), digest.hex())
    channel = Channel.IN_PERSON if beside else told.channel
    said = replace(told, channel=channel, authored=None, files=())
    return submit(node, said, by=by, proxy=For(by, beside))


def _require(node: Node, tx: Transaction, by: Visitor) -> UUID:
    if by.person_id is None or by.case_id is not None:
        raise AuthRequired("Sign in to tell something for somebody else.")
    bylaws, who = governance.in_force(node, tx), governance.subject(by)
    governance.require(bylaws, who, rules.VERB, Resource(), at=node.now())
    return by.person_id


def _running(tx: Transaction, holder: UUID, now: datetime) -> list[Beside]:
    rows = select(Beside).where(
        Beside.by_id == holder, Beside.ended_at.is_(None), Beside.ends_at > now
    )
    return list(tx.scalars(rows.order_by(Beside.agreed_at.desc())))


def _check(node: Node, tx: Transaction, beside: UUID, holder: UUID) -> None:
    row = tx.get(Beside, beside)
    known = row.by_id if row else UUID(int=0)
    over = row is None or rules.is_over(row.ends_at, row.ended_at, at=node.now())
    rules.check_beside(holder, known, over=over)


def _check_reached(node: Node, told: Told) -> None:
    # Nobody is spoken for who cannot be told of it: then be beside them.
    found = people.contact(told.contact) if told.contact.strip() else None
    by_mail = found is not None and found.kind is ContactKind.EMAIL
    if node.mail is None or not by_mail:
        raise ChoiceInvalid(
            "We tell them by mail, so give their address, or act beside them.",
            field="contact",
        )
