"""One click to be somebody: a fresh sign-in link whenever one is asked for."""

from datetime import timedelta

from sqlalchemy import select

from node import people
from node.accounts import tokens
from node.accounts.links import LASTS
from node.core import Node
from node.demo.cast import Community
from node.ids import new_id
from node.models.accounts import Account, SignInLink
from node.models.people import ContactPoint

_SLACK = timedelta(minutes=45)


class Doors:
    """Makes sign-in links on the demo's own nodes."""

    def __init__(self, *nodes: tuple[Community, Node]) -> None:
        self._nodes = nodes

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """Everybody one can be, by a short name, for each community."""
        return {
            community.name: {
                who.key: f"{who.name}, {who.job}" for who in community.everybody
            }
            for community, _ in self._nodes
        }

    def open(self, name: str) -> str | None:
        """Return an address that signs one person of the demo in; None for others."""
        for community, node in self._nodes:
            if name in {who.key for who in community.everybody}:
                return _door(node, community.mail(name))
        return None


def _door(node: Node, mail: str) -> str | None:
    token = tokens.mint(node)
    digest = people.digest(node, people.contact(mail))
    now = node.now()
    with node.begin() as tx:
        found = tx.execute(
            select(ContactPoint.id, Account.id)
            .join(Account, Account.person_id == ContactPoint.person_id)
            .where(ContactPoint.digest == digest)
        ).first()
        if found is None:
            return None
        tx.add(
            SignInLink(
                id=new_id(node),
                contact_index=digest,
                asked_at=now,
                expires_at=now + LASTS + _SLACK,
                tries_left=0,
                contact_id=found[0],
                account_id=found[1],
                token_hash=tokens.digest(token),
            )
        )
    return f"{node.settings.origin}/sign-in/{token}"
