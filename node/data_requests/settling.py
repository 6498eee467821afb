"""Answering what members ask about their own data: the list, one of it, the answer."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import data_requests as rules
from governance.access import Field, Ground
from governance.data_requests import State
from governance.errors import ChoiceInvalid, NotFound
from governance.submissions import check_words
from node import log, people
from node.accounts.visitor import Visitor
from node.cases import reads
from node.core import Node
from node.data_requests import cells, clock, saying, who
from node.data_requests.shapes import Answer, Opened, Request, Waiting
from node.models.data_requests import DataRequest
from node.paging import PAGE

#: An authority is named in a line.
LONGEST_LINE = 300


def listed(node: Node, *, by: Visitor) -> Waiting:
    """Return what is to be answered, the most urgent first, and the newest answers."""
    with node.read() as tx:
        who.require(node, tx, by)
        known = select(DataRequest).where(
            DataRequest.person_id.not_in(who.kept_from(tx, by))
        )
        waits = known.where(DataRequest.state == State.OPEN)
        over = known.where(DataRequest.state != State.OPEN)
        first = waits.order_by(DataRequest.due_at, DataRequest.id)
        newest = over.order_by(DataRequest.settled_at.desc(), DataRequest.id)
        return Waiting(
            tuple(cells.line(node, row) for row in tx.scalars(first.limit(PAGE))),
            tuple(cells.line(node, row) for row in tx.scalars(newest.limit(PAGE))),
        )


def one(node: Node, id_: UUID, *, by: Visitor) -> Opened:
    """Return one request with its words; that it was read, its member sees."""
    try:
        with node.read() as tx:
            row = _pick(node, tx, id_, by)
            found = _opened(node, tx, row)
    except NotFound:
        reads.missed(node, Field.REQUEST, by=by)
        raise
    if by.person_id is not None:
        look = reads.Look(
            person_id=by.person_id,
            field=Field.REQUEST,
            ground=Ground.OFFICE,
            role=min(by.roles, default=""),
            channel=by.channel,
            about_id=found.person_id,
        )
        reads.keep(node, look)
    return found


def _pick(
    node: Node, tx: Session, id_: UUID, by: Visitor, *, lock: bool = False
) -> DataRequest:
    who.require(node, tx, by)
    row = tx.get(DataRequest, id_, with_for_update=lock)
    if row is None or row.person_id in who.kept_from(tx, by):
        raise NotFound("There is no such request here.")
    return row


def _opened(node: Node, tx: Session, row: DataRequest) -> Opened:
    known = cells.request(node, tx, row)
    ids = {it for it in (row.person_id, row.settled_by) if it is not None}
    names = people.names(node, tx, ids)
    return Opened(
        **{name: getattr(known, name) for name in Request.__dataclass_fields__},
        person_id=row.person_id,
        name=names[row.person_id],
        by_name=names[row.settled_by] if row.settled_by else "",
    )


def lengthen(node: Node, id_: UUID, why: str, *, by: Visitor) -> None:
    """Take two months longer for what is difficult; its member is told why."""
    with node.begin(sealed=True) as tx:
        row = _pick(node, tx, id_, by, lock=True)
        check_words(why)
        longer = row.longer is not None
        due = rules.lengthen(row.state, row.due_at, longer=longer, at=node.now())
        chain = log.chain(node, tx, id_)
        row.longer = cells.seal(node, chain.content_key, id_, "longer", why)
        # Who was warned of the first day hears of the second one again.
        row.due_at, row.warned = due, 0
        role = who.require(node, tx, by)
        saying.act(chain, row, role, by, State.OPEN.value)
        saying.promise(chain, row, "longer")
        oid = chain.write().oid
        clock.plan(node, tx, row, oid)
        clock.tell_member(node, tx, row, "request.longer", oid)


def settle(node: Node, id_: UUID, said: Answer, *, by: Visitor) -> None:
    """Answer a request, or refuse it with the reason and whom to turn to; once."""
    complain = said.complain.strip()
    if len(complain) > LONGEST_LINE:
        raise ChoiceInvalid("Name the authority in one line.", field="complain")
    with node.begin(sealed=True) as tx:
        row = _pick(node, tx, id_, by, lock=True)
        check_words(said.words)
        row.state = rules.settle(row.state, refused=said.refused, complain=complain)
        chain = log.chain(node, tx, id_)
        key = chain.content_key
        row.answer = cells.seal(node, key, id_, "answer", said.words)
        if said.refused:
            row.complain = cells.seal(node, key, id_, "complain", complain)
        row.settled_at, row.settled_by = node.now(), by.person_id
        if rules.is_late(row.due_at, row.settled_at, at=node.now()):
            clock.miss(chain, row)
        role = who.require(node, tx, by)
        saying.act(chain, row, role, by, State.OPEN.value)
        oid = chain.write().oid
        clock.plan_end(node, tx, row, oid)
        clock.tell_member(node, tx, row, "request.answered", oid)
