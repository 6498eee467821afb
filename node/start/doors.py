"""The one address that opens a new node, and what everybody may know of it.

It is good for an hour and stored as a hash. Once the doors are open, the row says so
for ever, and no address opens them again.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from governance.errors import LinkInvalid, WrongState
from node.accounts import Proof, SignedIn, open_session, tokens
from node.core import Node
from node.errors import Unready
from node.models import start as rows
from node.models.accounts import Account
from node.start.answers import read_answers
from node.start.founding import settle

LASTS = timedelta(hours=1)
_MEMBERS = select(func.count()).select_from(Account).where(Account.closed_at.is_(None))
_COMMUNITY = select(rows.Community, _MEMBERS.scalar_subquery()).where(
    rows.Community.id == 1
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """What everybody may know about the community of this node."""

    name: str
    slug: str
    prefix: str
    language: str
    zone: str
    mail: str
    phone: str
    sms: str
    place: str
    opened: bool
    opened_at: datetime | None
    #: How many people hold an account.
    members: int


def community(node: Node) -> Community:
    """Return what everybody may know about the community of this node."""
    with node.read() as tx:
        row, members = tx.execute(_COMMUNITY).one()
    return Community(
        name=row.name,
        slug=row.slug,
        prefix=row.prefix,
        language=row.language,
        zone=row.zone,
        mail=row.mail,
        phone=row.phone,
        sms=row.sms,
        place=row.place,
        opened=row.opened_at is not None,
        opened_at=row.opened_at,
        members=members,
    )


def setup_url(node: Node) -> str:
    """Return a new address that opens the doors; it ends the one before."""
    token = tokens.mint(node)
    with node.begin() as tx:
        row = tx.get(rows.Community, 1, with_for_update=True)
        if row is None:
            raise Unready("There is no community here. `folkmoot init` makes one.")
        if row.opened_at is not None:
            raise WrongState("The doors are open already; they cannot be set up again.")
        row.setup_hash, row.setup_until = tokens.digest(token), node.now() + LASTS
    return f"{node.settings.origin}/setup/{token}"


def peek(node: Node, token: str) -> bool:
    """Say whether this token would open the doors. It stays as good as it was."""
    with node.read() as tx:
        return _opens(node, tx.get_one(rows.Community, 1), token)


def _opens(node: Node, row: rows.Community, token: str) -> bool:
    if row.opened_at is not None or row.setup_hash is None or row.setup_until is None:
        return False
    right = hmac.compare_digest(row.setup_hash, tokens.digest(token))
    return right and node.now() < row.setup_until


def open_doors(node: Node, token: str, answers: Mapping[str, object]) -> SignedIn:
    """Open the doors as answered, once, and sign the first steward in."""
    given = read_answers(answers)
    with node.begin() as tx:
        row = tx.get_one(rows.Community, 1, with_for_update=True)
        opens = _opens(node, row, token)
        if opens:
            steward = settle(node, tx, row, given)
            signed_in = open_session(node, tx, steward, Proof("setup", "Setup"))
    if not opens:
        raise LinkInvalid("This address opens nothing (any more): folkmoot setup-url.")
    return signed_in
