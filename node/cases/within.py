"""Which cases of others somebody at the desk may read, as a condition of a query.

It says of many at once what `hand.sees` says of one.
"""

from sqlalchemy import ColumnElement, and_, exists, or_

from governance.consent import Purpose
from governance.rules import Bylaws
from node import governance, walls
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.cases import Case
from node.models.consent import Consent


def at_the_desk(node: Node, bylaws: Bylaws, by: Visitor) -> ColumnElement[bool]:
    """Return which cases somebody may open because of what they do here."""
    now = node.now()
    read = governance.reach(bylaws, by, "case.read", at=now)
    take = governance.reach(bylaws, by, "case.take", at=now)
    waiting = and_(Case.open_to_advocates, Case.responsible_id.is_(None))
    agreed = exists().where(
        Consent.case_id == Case.id,
        Consent.purpose == Purpose.HANDLE_CASE,
        Consent.given_at <= now,
        Consent.withdrawn_at.is_(None),
        or_(Consent.valid_until.is_(None), Consent.valid_until > now),
    )
    return and_(
        walls.open_to(by),
        agreed,
        or_(
            Case.responsible_id == by.person_id,
            *(governance.within(grant) for grant in read),
            *(and_(waiting, governance.within(grant)) for grant in take),
        ),
    )
