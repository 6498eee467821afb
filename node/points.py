"""Points: each award a member was given, and their exact sum.

The sum is over the whole of the member's own chain, which nobody else is shown. There
is no entry that takes points away, and nothing here can lower a sum.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.errors import AuthRequired, NotFound
from ledger import audit
from ledger.entry import Event
from node import log
from node.accounts.visitor import Visitor
from node.cases.bundles import pack
from node.core import Node

_ANNOTATED = "points.annotated"
_ABOUT = "Every award of points to one member, and what else their own chain holds"


@dataclass(frozen=True, slots=True)
class Award:
    """One award, as its member sees it."""

    act: str
    points: int
    at: datetime
    #: Whether a jury wrote a note to it; it counts as before.
    annotated: bool
    #: What is printed beside it; empty until it has its place in the ledger.
    seal: str


@dataclass(frozen=True, slots=True)
class Points:
    """All awards of one member, newest first, and their exact sum."""

    total: int
    awards: tuple[Award, ...]


def mine(node: Node, *, by: Visitor) -> Points:
    """Return the points of whoever is signed in."""
    person_id = _person(by)
    with node.read() as tx:
        told = log.of_chain(node, tx, person_id)
        seals = log.seals(tx, person_id)
    noted = {
        one.event.public.get("award")
        for one in told
        if one.event and one.kind == _ANNOTATED
    }
    awards = [
        _award(one.event, noted, seals.get(one.seq or 0, ""))
        for one in told
        if one.event and one.kind == audit.AWARDED
    ]
    return Points(sum(one.points for one in awards), tuple(reversed(awards)))


def _person(by: Visitor) -> UUID:
    if by.kind != "member" or by.person_id is None:
        raise AuthRequired("Sign in to see your points.")
    return by.person_id


def _award(event: Event, noted: Collection[object], seal: str) -> Award:
    award, worth = audit.read_award(event.tuple)
    act, at = str(event.public.get("act", "")), datetime.fromisoformat(event.at)
    return Award(act, worth, at, award in noted, seal)


def bundle(node: Node, *, by: Visitor) -> bytes | None:
    """Return every receipt of one's own chain; None while one is being sealed."""
    person_id = _person(by)
    with node.read() as tx:
        if not log.has_chain(tx, person_id):
            raise NotFound("Nothing was awarded to you yet.")
        return pack(node, tx, person_id, name="points", about=_ABOUT)
