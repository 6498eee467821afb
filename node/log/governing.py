"""Governance's events: each is written into the log in the one way its kind has.

What an event says in public is kept beside the leaf that commits to it; what is private
governance keeps itself, and the event only commits to that.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ledger import audit, entry
from ledger.encoding import Json
from ledger.entry import Chain, Event, Role
from ledger.errors import Invalid
from node.core import Node
from node.log import chains, clears, persons, telling
from node.log.clears import Notice, Payload
from node.log.shapes import Saying, Ticket
from node.models.log import LedgerPayload

#: A day's papers say who voted: nobody may have them while the poll is open.
_PAPERS, _CLOSED = "papers.issued", "poll.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Where an event belongs that is not public, and who is said to have caused it."""

    case_id: UUID | None = None
    person_id: UUID | None = None
    role: Role = Role.NODE


def event(node: Node, tx: Session, told: Event, whose: Whose | None = None) -> Ticket:
    """Write down one event; return what to wait for.

    Raises `Invalid` where it belongs to somebody and nobody is named, and for an award
    that is none or was given before.
    """
    whose = whose or Whose()
    if entry.chain_of(told.kind, in_case=whose.case_id is not None) is Chain.CLEAR:
        return _clear(node, tx, told)
    chain = _chain(node, tx, told.kind, whose)
    if told.kind == audit.AWARDED:
        _require_new(told, telling.of_chain(node, tx, chain.case_id))
    fields: dict[str, Json] = {entry.EVENT: told.tuple}
    chain.say(Saying(kind=told.kind, role=whose.role, fields=fields))
    tx.info["ring"] = True
    return chain.write()


def _chain(node: Node, tx: Session, kind: str, whose: Whose) -> chains.Chain:
    where = entry.chain_of(kind, in_case=whose.case_id is not None)
    if where is Chain.CASE and whose.case_id is not None:
        return chains.chain(node, tx, whose.case_id)
    if whose.person_id is None:
        raise Invalid("chain-missing", f"{kind} belongs to somebody who is not named.")
    return persons.member_chain(node, tx, whose.person_id)


def _require_new(told: Event, before: list[telling.Told]) -> None:
    award, _ = audit.read_award(told.tuple)
    given = [one.event for one in before if one.kind == audit.AWARDED]
    if award in [audit.read_award(one.tuple)[0] for one in given if one]:
        raise Invalid("award-twice", "This was awarded before.")


def _clear(node: Node, tx: Session, told: Event) -> Ticket:
    kind = entry.clear_kind(told.kind)
    person = kind == entry.PERSON
    payload = Payload(told.encode(), not person and told.kind != _PAPERS)
    notice = Notice(kind=kind, payload={entry.EVENT: payload}, day_only=person)
    ticket = clears.clear(node, tx, notice)
    if told.kind in {_PAPERS, _CLOSED}:
        _hold(tx, ticket.oid, told)
    return ticket


def _hold(tx: Session, oid: int, told: Event) -> None:
    # The clear chain is locked: a poll closes before these papers, or after them.
    poll = str(told.public.get("poll"))
    rows = select(LedgerPayload.oid).where(LedgerPayload.poll == poll)
    closed = rows.where(LedgerPayload.public.is_(True))
    public = told.kind == _CLOSED or tx.execute(closed.limit(1)).first() is not None
    own = update(LedgerPayload).where(LedgerPayload.oid == oid)
    tx.execute(own.values(poll=poll))
    if public:
        opened = update(LedgerPayload).where(LedgerPayload.poll == poll)
        tx.execute(opened.values(public=True))
