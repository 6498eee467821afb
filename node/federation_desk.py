"""What stewards decide about other nodes.

How a node is treated has a reason and a day on which somebody looks at it again; no
list of others decides it by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from federation.policy import Mode
from governance.errors import NotYours, WordsMissing
from governance.submissions import check_words
from node import follows, governance, inbox, outbox, peers, reviews
from node.accounts.visitor import Visitor
from node.core import Node
from node.log import Ticket
from node.models.peers import Peer

#: How a node can be treated, from the friendliest on.
MODES = tuple(Mode)
#: After how many days a decision is looked at again.
REVIEWS = (7, 30, 90, 365)
#: How many lines a page has at most.
MOST = 50
_SEE = "agreement.negotiate"


@dataclass(frozen=True, slots=True)
class PeerLine:
    """One node that we met, or that a steward asks about."""

    host: str
    mode: Mode
    reason: str
    review_at: datetime | None
    #: Whether that day has come.
    due: bool
    #: None for one that we never met.
    first_seen_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a node shall be treated, why, and until somebody looks again."""

    mode: Mode
    reason: str
    #: One of `REVIEWS`.
    days: int


def known(node: Node, *, by: Visitor) -> tuple[list[PeerLine], int]:
    """Return the nodes we know, those treated differently first; and how many in all.

    What we heard from last comes first, and no more than a page of it.
    """
    _require(node, by, _SEE)
    with node.read() as tx:
        rows = tx.scalars(
            select(Peer)
            .order_by(
                Peer.mode == Mode.OPEN, Peer.seen_at.desc().nulls_last(), Peer.origin
            )
            .limit(MOST)
        )
        lines = [_line(node, row) for row in rows]
        return lines, tx.scalar(select(func.count()).select_from(Peer)) or 0


def one(node: Node, host: str, *, by: Visitor) -> PeerLine:
    """Return a node by its host, whether or not we ever met it."""
    _require(node, by, _SEE)
    with node.read() as tx:
        row = peers.met(tx, host)
        if row is not None:
            return _line(node, row)
    return PeerLine(
        peers.host_of(peers.origin(node, host)), Mode.OPEN, "", None, due=False,
        first_seen_at=None, seen_at=None,
    )  # fmt: skip


def origin_of(node: Node, host: str, *, by: Visitor) -> str:
    """Return the origin of a node, for a steward: as we met it, else by https."""
    _require(node, by, _SEE)
    with node.read() as tx:
        row = peers.met(tx, host)
        return row.origin if row is not None else peers.origin(node, host)


def set_aside(node: Node, host: str, *, by: Visitor) -> int:
    """Return how much a node sent that is looked at once it is treated as `open`."""
    _require(node, by, _SEE)
    with node.read() as tx:
        row = peers.met(tx, host)
        return inbox.set_aside(tx, row.origin) if row is not None else 0


def treat(node: Node, host: str, how: Treatment, *, by: Visitor) -> Ticket:
    """Say how a node is treated from now on. Anything but `open` needs a reason.

    The ledger holds who decided what and why, and when somebody looks again. Blocking
    ends every follow, both ways, and lets go of what was still to be sent there.
    """
    _require(node, by, reviews.TREAT)
    if how.mode is not Mode.OPEN:
        _require_reason(how.reason)
    with node.begin() as tx:
        row = peers.met(tx, host)
        if row is None:
            origin = peers.origin(node, host)
            peers.meet(node, tx, origin)
            row = tx.get_one(Peer, origin)
        if how.mode is Mode.BLOCKED:
            outbox.stop(node, tx, row.origin)
        tx.refresh(row, with_for_update=True)
        before, row.mode, row.reason = row.mode, how.mode, how.reason.strip()
        later = how.mode is not Mode.OPEN
        row.review_at = node.now() + timedelta(days=how.days) if later else None
        if not later:
            inbox.release(node, tx, row.origin)
        row.reminded_at = None
        ticket = reviews.seal(node, tx, row, before, by=by)
        reviews.plan(node, tx, row)
        if how.mode is Mode.BLOCKED:
            follows.part(node, tx, row.origin)
        return ticket


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise WordsMissing("Say why. It stands in the ledger beside the decision.")
    check_words(reason)


def _require(node: Node, by: Visitor, verb: str) -> None:
    if not governance.reaches(node, verb, by=by):
        raise NotYours("Stewards decide how other nodes are treated.")


def _line(node: Node, row: Peer) -> PeerLine:
    due = row.review_at is not None and row.review_at <= node.now()
    return PeerLine(
        peers.host_of(row.origin), Mode(row.mode), row.reason, row.review_at, due,
        row.first_seen_at, row.seen_at,
    )  # fmt: skip
