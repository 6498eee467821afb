"""Who is in a case besides its member, and the link that each of them has."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from governance import parties as rules
from governance.cases import State
from governance.errors import ChoiceInvalid
from governance.parties import Ending, Role, Share, Standing
from node import notices, people, vault
from node.accounts.visitor import Visitor
from node.cases.hand import Hand
from node.cases.moving import LINKS_LAST
from node.core import Node
from node.models.cases import Case
from node.models.parties import MessageCopy, Party

_MAC = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLine:
    """Somebody in a case besides its member, as those read it who see the case."""

    id: UUID
    role: Role
    name: str
    fields: tuple[Share, ...]
    standing: Standing
    named_at: datetime
    #: From when to when they are in it.
    since: datetime | None
    until: datetime | None
    ending: Ending | None


def rows(tx: Session, case_id: UUID) -> Sequence[Party]:
    """Return everybody who is, was or may be in a case, in the order of naming."""
    mine = select(Party).where(Party.case_id == case_id)
    return tx.scalars(mine.order_by(Party.named_at, Party.id)).all()


def name(key: bytes, row: Party) -> str:
    """Return who a party is, as whoever named them said."""
    return vault.words(key, place(row.id), row.name)


def place(id_: UUID) -> vault.Place:
    """Return where the name of a party is bound to."""
    return vault.Place("party", "name", id_)


def line(key: bytes, row: Party) -> PartyLine:
    """Return a party as those read it who see the case."""
    return PartyLine(
        id=row.id,
        role=row.role,
        name=name(key, row),
        fields=rules.shares(row.fields.split()),
        standing=rules.standing(row),
        named_at=row.named_at,
        since=row.confirmed_at,
        until=row.ended_at,
        ending=row.ending,
    )


def token(node: Node, row: Party) -> str:
    """Return what opens a case for a party, as far as it is open to them."""
    mac = node.keys.mac("link", b"folkmoot/party/1\0" + row.link)[:_MAC]
    return f"{_coded(row.link)}.{_coded(mac)}"


def _coded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_token(node: Node, tx: Session, given: str) -> Party | None:
    """Return whose link it is; None where it opens nothing, or not any more."""
    text, _, _ = given.partition(".")
    try:
        link = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    row = tx.scalar(select(Party).where(Party.link == link))
    if row is None or not hmac.compare_digest(token(node, row), given):
        return None
    case = tx.get_one(Case, row.case_id)
    return row if is_open(node, row, case) else None


def reference(tx: Session, row: Party) -> str:
    """Return the number of a party's case."""
    return tx.get_one(Case, row.case_id).reference


def is_open(node: Node, row: Party, case: Case) -> bool:
    """Say whether there is anything of a case for a party now.

    Nothing before the member said yes, after it ended, while the case rests, and when
    it has been closed as long as its own links last.
    """
    if row.agreed_at is None or row.ended_at is not None or case.restricted_at:
        return False
    closed = case.closed_at if case.state is State.CLOSED else None
    return closed is None or node.now() < closed + LINKS_LAST


def visitor(node: Node, given: str) -> Visitor | None:
    """Return the party who holds a link, or None if it opens nothing any more."""
    with node.read() as tx:
        row = by_token(node, tx, given)
        if row is None:
            return None
        language = tx.get_one(Case, row.case_id).language
    return Visitor(person_id=row.person_id, party_id=row.id, language=language)


def tell(hand: Hand, row: Party, kind: str, oid: int) -> None:
    """Tell a party what waits for them: where to look, and no word of it."""
    point = people.mail_of(hand.tx, row.person_id)
    if point is None:
        return
    values = {
        "reference": hand.case.reference,
        "link": f"{hand.node.settings.origin}/party/{token(hand.node, row)}",
    }
    notices.queue(
        hand.node, hand.tx, point, notices.About(kind, values, hand.case.id, oid)
    )


def named(hand: Hand, ids: Iterable[UUID]) -> list[Party]:
    """Return the parties a message names; nobody is found by a name or a likeness."""
    wanted = set(ids)
    found = [
        row
        for row in rows(hand.tx, hand.case.id)
        if row.id in wanted and rules.standing(row) is Standing.PRESENT
    ]
    if len(found) != len(wanted):
        raise ChoiceInvalid("Choose among those who are in this case.", field="copies")
    return found


def copy(hand: Hand, message_id: UUID, whom: Iterable[Party]) -> None:
    """Keep which parties a message names."""
    for row in whom:
        hand.tx.add(
            MessageCopy(message_id=message_id, party_id=row.id, case_id=hand.case.id)
        )
    hand.tx.flush()


def forget(tx: Session, case_id: UUID) -> None:
    """Destroy who was in a case, and every way of theirs to it."""
    found = tx.scalars(select(Party.person_id).where(Party.case_id == case_id)).all()
    tx.execute(delete(MessageCopy).where(MessageCopy.case_id == case_id))
    tx.execute(delete(Party).where(Party.case_id == case_id))
    for person_id in found:
        people.forget(tx, person_id)
