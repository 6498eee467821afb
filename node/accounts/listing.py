"""Who has an account here, for whoever runs the node and acts for one of them."""

from dataclasses import dataclass

from sqlalchemy import select

from node import people
from node.accounts.visitor import grants_of, roles_of
from node.core import Node
from node.models.accounts import Account
from node.models.people import Person


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with an account: how commands name them, and what they may do."""

    person: str
    name: str
    #: The roles they hold now, with spaces between; empty for a member alone.
    roles: str


def holders(node: Node, role: str = "") -> list[Holder]:
    """Return whose account is open, or only who holds a role; oldest first."""
    with node.read() as tx:
        open_ = select(Account.person_id).join(Person, Person.id == Account.person_id)
        open_ = open_.where(Account.closed_at.is_(None))
        ids = tx.scalars(open_.order_by(Account.created_at, Person.id)).all()
        held = {id_: roles_of(grants_of(tx, id_, at=node.now())) for id_ in ids}
        listed = [id_ for id_ in ids if not role or role in held[id_]]
        names = people.names(node, tx, {*listed})
    return [Holder(str(it), names[it], " ".join(sorted(held[it]))) for it in listed]
