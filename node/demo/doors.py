"""One click to be somebody: a fresh sign-in link whenever one is asked for."""

from datetime import timedelta

from sqlalchemy import select

from node import people
from node.accounts import tokens
from node.accounts.links import LASTS
from node.core import Node
from node.demo.cast import PEOPLE, STEWARD
from node.ids import new_id
from node.models.accounts import Account, SignInLink
from node.models.people import ContactPoint

#: Everybody one can be, by a short name.
NAMES = {
    STEWARD[1].partition("@")[0]: f"{STEWARD[0]}, steward",
    **{
        mail.partition("@")[0]: f"{name}, {roles[0] if roles else 'member'}"
        for name, mail, roles in PEOPLE
    },
}
_DOMAIN = STEWARD[1].partition("@")[2]
_SLACK = timedelta(minutes=45)


class Doors:
    """Makes sign-in links on the demo's own node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def open(self, name: str) -> str | None:
        """Return an address that signs one person of the demo in; None for others."""
        if name not in NAMES:
            return None
        node, token = self._node, tokens.mint(self._node)
        digest = people.digest(node, people.contact(f"{name}@{_DOMAIN}"))
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
