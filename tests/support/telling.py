"""Somebody tells a node something, as a form or a program would hand it over."""

from node import submissions
from node.accounts import GUEST, Visitor
from node.accounts.visitor import grants_of
from node.core import Node
from node.ids import new_id
from node.submissions import Submitted, Told

WORDS = "The heating has been broken since October."


def tell(node: Node, text: str = WORDS, *, by: Visitor = GUEST, **told) -> Submitted:
    """Tell a node something, and return what the teller holds afterwards."""
    told.setdefault("id", new_id(node))
    return submissions.submit(node, Told(text=text, **told), by=by)


def guest_of(told: Submitted) -> Visitor:
    """Return whoever comes back by the link of what was told."""
    return Visitor(case_id=told.case_id)


def member(node: Node, person_id) -> Visitor:
    """Return a member as a request of theirs makes them known."""
    with node.read() as tx:
        grants = grants_of(tx, person_id, at=node.now())
    roles = frozenset(grant.role for grant in grants)
    return Visitor(
        kind="member", person_id=person_id, language="en", roles=roles, grants=grants
    )
