"""Ending digests from the mail itself: who holds its address needs no sign-in.

The address stands in the message and in `List-Unsubscribe`, which mail programs press
(RFC 2369, RFC 8058). It ends what is gathered, never what always comes at once.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.errors import LinkInvalid
from governance.notices import Pace
from node.core import Node
from node.hearing import CHANNEL
from node.models.people import Person
from node.models.preferences import NoticePace

_GATHERED = [Pace.DAILY, Pace.WEEKLY]
_ID = 16


def address(node: Node, person_id: UUID) -> str:
    """Return where somebody ends their digests."""
    raw = person_id.bytes + _mac(node, person_id)
    token = urlsafe_b64encode(raw).rstrip(b"=").decode()
    return f"{node.settings.origin}/stop/{token}"


def gathers(node: Node, token: str) -> bool:
    """Say whether anything is gathered for whoever holds this address.

    Raises `LinkInvalid` if nobody does.
    """
    with node.read() as tx:
        mine = NoticePace.person_id == _who(node, tx, token)
        rows = select(NoticePace.family).where(mine, *_ENDED)
        return tx.execute(rows.limit(1)).first() is not None


def stop(node: Node, token: str) -> None:
    """Let nothing be gathered for whoever holds this address. Safe to call twice.

    Raises `LinkInvalid` if nobody does.
    """
    with node.begin() as tx:
        mine = NoticePace.person_id == _who(node, tx, token)
        tx.execute(
            update(NoticePace).where(mine, *_ENDED).values(pace=Pace.NEVER),
            execution_options={"synchronize_session": False},
        )


_ENDED = (NoticePace.channel == CHANNEL, NoticePace.pace.in_(_GATHERED))


def _who(node: Node, tx: Session, token: str) -> UUID:
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        person_id = UUID(bytes=raw[:_ID])
    except ValueError:
        person_id, raw = UUID(int=0), b""
    right = hmac.compare_digest(raw[_ID:], _mac(node, person_id))
    person = tx.get(Person, person_id) if right else None
    if person is None:
        raise LinkInvalid("This address ends nothing, or not any more.")
    return person.alias_of or person.id


def _mac(node: Node, person_id: UUID) -> bytes:
    return node.keys.mac("digest-stop", person_id.bytes)
