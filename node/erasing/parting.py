"""The same words in the cases that were made of a part of a message."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy.orm import Session

from node import log, vault
from node.cases import parts
from node.cases.hand import Hand
from node.erasing.pieces import pieces, with_twins
from node.erasing.shapes import Erasure, Level
from node.ids import new_id

_STORY = ("submission", "text")
#: The entry with what a case was made of.
_FIRST = 0


def in_parts(hand: Hand, erasure: Erasure) -> tuple[Erasure, ...]:
    """Return what else goes when a member erases what they told: it stands there, too.

    A part is a case of its own: its words go, and what came with them; it stays.
    """
    if not _takes_story(hand, erasure):
        return ()
    below = parts.below(hand.tx, hand.case.id)
    return tuple(one for id_ in below for one in _words(hand, erasure, id_))


def _takes_story(hand: Hand, erasure: Erasure) -> bool:
    if erasure.level is Level.CHAIN:
        return True
    known = pieces(hand.tx, hand.key(), erasure.chain)
    meant = (it for it in known if it.seq == erasure.seq and erasure.n in {None, it.n})
    return any(one.what == _STORY for one in with_twins(meant, known))


def _words(hand: Hand, erasure: Erasure, case_id: UUID) -> Iterator[Erasure]:
    tx, node = hand.tx, hand.node
    key = vault.key_of(node, tx, "case", case_id)
    if key is None or _is_gone(tx, case_id):
        return
    level = Level.CONTENT
    n = None
    if erasure.level is Level.REDACT:
        known = (one.n for one in pieces(tx, key, case_id) if one.what == _STORY)
        level, n = Level.REDACT, next(known, None)
        if n is None:
            return
    yield Erasure(
        id=new_id(node), at=erasure.at, level=level, chain=case_id, seq=_FIRST, n=n
    )


def _is_gone(tx: Session, case_id: UUID) -> bool:
    found = log.erased(tx, case_id).get(_FIRST)
    return found is not None and found.level in {Level.CONTENT, Level.ENTRY}
