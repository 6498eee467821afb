"""A member asks about their own data, sees what became of it, and takes it back."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import data_requests as rules
from governance.data_requests import CLOCK, Kind, State
from governance.errors import AuthRequired, NotFound
from governance.submissions import check_words
from ledger.entry import Role
from node import log, throttle, walls
from node.accounts.visitor import Visitor
from node.core import Node
from node.data_requests import cells, clock, saying, who
from node.data_requests.shapes import Request, Statement, Wish
from node.erasing.shapes import Basis
from node.ids import new_id
from node.models.data_requests import DataRequest

#: The row of `throttle.LIMITS` that asking spends.
LIMIT = "data.request"


def ask(node: Node, wish: Wish, *, by: Visitor) -> UUID:
    """Write down what a member asks; from now on a clock runs."""
    person = _signed_in(by)
    check_words(wish.words)
    rules.check(wish.kind, wish.purpose)
    with node.begin(sealed=True) as tx:
        throttle.count(node, tx, LIMIT, str(person))
        id_, now = new_id(node), node.now()
        chain = log.open_chain(node, tx, id_)
        row = DataRequest(
            id=id_,
            person_id=person,
            kind=wish.kind,
            purpose=wish.purpose,
            state=State.OPEN,
            received_at=now,
            due_at=now + CLOCK,
            warned=0,
            words=cells.seal(node, chain.content_key, id_, "words", wish.words),
        )
        tx.add(row)
        tx.flush()
        saying.act(chain, row, Role.MEMBER, by, "")
        saying.promise(chain, row, "promised")
        clock.plan(node, tx, row, chain.write().oid)
        who.tell(node, tx, row, "request.asked")
        return id_


def _signed_in(by: Visitor) -> UUID:
    if by.person_id is None or by.account_id is None:
        raise AuthRequired("Sign in to ask about your data.")
    return by.person_id


def mine(node: Node, *, by: Visitor) -> tuple[Request, ...]:
    """Return what a member asked, the newest first."""
    _signed_in(by)
    with node.read() as tx:
        return of(node, tx, walls.own_of(by))


def of(node: Node, tx: Session, ids: Collection[UUID]) -> tuple[Request, ...]:
    """Return what somebody asked, the newest first."""
    rows = tx.scalars(
        select(DataRequest)
        .where(DataRequest.person_id.in_(ids))
        .order_by(DataRequest.received_at.desc(), DataRequest.id)
    ).all()
    return tuple(cells.request(node, tx, row) for row in rows)


def take_back(node: Node, id_: UUID, *, by: Visitor) -> None:
    """Erase a request of one's own, with its answer, wherever it stands."""
    _signed_in(by)
    with node.begin() as tx:
        row = tx.get(DataRequest, id_, with_for_update=True)
        if row is None or not by.is_person(row.person_id):
            raise NotFound("There is no such request of yours.")
        clock.erase(node, tx, row, Basis.CONSENT)


def statements(
    node: Node, tx: Session, ids: Collection[UUID], by: Visitor
) -> tuple[Statement, ...]:
    """Return what somebody says is right about them, for the desk; newest first.

    It stands there from when it came, whatever was answered: nobody's record is
    rewritten, and nobody decides whose words stand beside it.
    """
    if who.kept_from(tx, by).intersection(ids):
        return ()
    return tuple(
        Statement(it.received_at, it.words)
        for it in of(node, tx, ids)
        if it.kind is Kind.RECTIFICATION
    )
