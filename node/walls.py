"""Which cases somebody at the desk may know of at all.

Every list, count, search and message about cases of others asks here, so that a wall
that is put up holds everywhere at once.
"""

from sqlalchemy import ColumnElement

from node.accounts.visitor import Visitor
from node.models.cases import Case


def open_to(by: Visitor) -> ColumnElement[bool]:
    """Return the condition on `Case` that leaves out what must not exist for them."""
    return Case.member_id != by.person_id
