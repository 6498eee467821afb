"""People with accounts, made without any ceremony."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import event, select

from node import accounts, aliases, people
from node.accounts import Visitor
from node.accounts.visitor import grants_of, roles_of
from node.core import Node
from node.ids import new_id
from node.models.accounts import Account, GrantRow

MAIL = "ada@ash.example"
HERE = "203.0.113.7"


def join(node: Node, mail: str = MAIL, *roles: str, verified: bool = True) -> UUID:
    """Make a member who can be reached by mail, and return who they are."""
    with node.begin() as tx:
        name = mail.partition("@")[0].title()
        person_id = people.add(node, tx, people.Newcomer("en", name))
        people.add_contact(node, tx, person_id, people.contact(mail), verified=verified)
        accounts.open_account(node, tx, person_id)
    for role in roles:
        give(node, person_id, role)
    return person_id


def give(node: Node, person_id: UUID, role: str, **lasting: float) -> None:
    """Grant somebody a role, for a year or as long as said."""
    now = node.now()
    with node.begin() as tx:
        tx.add(
            GrantRow(
                id=new_id(node),
                person_id=person_id,
                role=role,
                topics="all",
                areas="all",
                clearance="",
                from_at=now,
                expires_at=now + timedelta(**(lasting or {"days": 365})),
            )
        )


def visitor(node: Node, person: UUID, name: str = "") -> Visitor:
    """Return a member who has just come in, with all they may do."""
    with node.read() as tx:
        grants = grants_of(tx, person, at=node.now())
        others = aliases.below(tx, person)
    return Visitor(
        kind="member",
        person_id=person,
        aliases=others,
        account_id=person,
        name=name,
        fresh=True,
        roles=roles_of(grants),
        grants=grants,
    )


def enter(node: Node, person_id: UUID, label: str = "Laptop") -> accounts.SignedIn:
    """Sign somebody in, as if they had just proved who they are."""
    with node.begin() as tx:
        account = tx.scalars(
            select(Account).where(Account.person_id == person_id)
        ).one()
        return accounts.open_session(node, tx, account, accounts.Proof("link", label))


class Statements:
    """What the database was asked while this was entered, without the values."""

    def __init__(self, node: Node) -> None:
        self._engine = node.database.engine
        self.said: list[str] = []

    def _note(self, _connection, _cursor, statement, *_rest) -> None:
        self.said.append(statement)

    def __enter__(self) -> list[str]:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self.said

    def __exit__(self, *_error: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)
