"""Who can agree to what one person writes in the community's name.

It is for whoever approves the community's templates, and not for one who wrote it or
works on the case: they see the case, and stand behind no wall of it.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from node.access.holders import others
from node.cases.hand import Hand, as_person
from node.cases.seconding import could_agree
from node.models.later import LaterReply
from node.texts.versions import VERB


def may_agree(hand: Hand, row: LaterReply) -> bool:
    """Say whether the visitor can be the second person for a reply."""
    return could_agree(hand, VERB, asked_by=row.author_id)


def might_agree(hand: Hand) -> bool:
    """Say whether the visitor could be the second person for anything of a case."""
    return could_agree(hand, VERB, asked_by=UUID(int=0))


def able(hand: Hand, author_id: UUID) -> tuple[UUID, ...]:
    """Return who can agree to what somebody wrote."""
    found = others(as_person(hand, author_id), VERB)
    return tuple(it for it in found if it != hand.case.responsible_id)


def asked(hand: Hand, rows: Iterable[LaterReply]) -> Mapping[UUID, tuple[UUID, ...]]:
    """Return who can agree to each reply that waits for somebody."""
    return {
        row.id: able(hand, row.author_id)
        for row in rows
        if row.text_id is not None and row.end is None
    }
