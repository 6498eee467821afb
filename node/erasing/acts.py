"""What a member erases: a field, an entry's words, an entry, or their whole case."""

import hmac
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.cases import Act, verb
from governance.consent import Purpose
from governance.errors import AuthRequired, ChoiceInvalid, NotFound, NotYours
from ledger import entry
from ledger.entry import Role
from node import governance, holding, log, proofs, throttle
from node.accounts import require_fresh
from node.accounts.visitor import Visitor
from node.cases import consents, links
from node.cases.hand import Hand, pick_up
from node.core import Node
from node.erasing import journal
from node.erasing.parting import in_parts
from node.erasing.performing import perform
from node.erasing.pieces import pieces
from node.erasing.shapes import Basis, Erasure, Level, Why
from node.ids import new_id
from node.log import EntryErased, Ticket
from node.models.cases import Case
from node.models.consent import Consent
from node.models.log import LedgerSeal

#: What a program's token must allow, as it cannot show who is there.
SCOPE = "cases:erase"
#: What somebody agreed to that has no object any more when it went.
_ENDED = (Purpose.PUBLISH, Purpose.CONTACT_CASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to be gone."""

    level: Level
    #: The entry's number; None for the whole case.
    seq: int | None = None
    #: The field's name, where one field is meant.
    name: str = ""
    #: Whether the public note may name the entries.
    named: bool = False
    #: The four words of the case, for whoever came by its link.
    words: str = field(default="", repr=False)
    #: The network block it came from, for the throttle only.
    source: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of a case, as far as somebody can erase it."""

    seq: int
    kind: str
    #: Whose words or act it is, as the entry says.
    role: Role | None
    #: The names of its fields that are still there.
    fields: tuple[str, ...]
    #: How much of it was erased, or nothing.
    erased: str


def erase(node: Node, reference: str, wish: Wish, *, by: Visitor) -> Ticket | None:
    """Erase something of a member's own case, everywhere on this node.

    It is in the journal before anything goes, so that no crash and no restore brings
    it back. Returns what to wait for; None where nothing is told in public.
    """
    proven = _by_words(node, reference, wish.words, wish.source, by)
    with node.begin() as tx:
        hand = _own(node, tx, reference, by, lock=True)
        if not proven:
            require_present(by)
        what = verb(Act.ERASE)
        who = governance.subject(by)
        governance.require(hand.bylaws, who, what, hand.what, at=node.now())
        return away(hand, wish)


def away(hand: Hand, wish: Wish) -> Ticket | None:
    """Erase something of a case by its member's wish, however they were known."""
    node, tx, now = hand.node, hand.tx, hand.node.now()
    holding.require_free(tx, hand.case.id, at=now)
    erasure = _meant(hand, wish)
    also = in_parts(hand, erasure)
    beside = [
        Hand(node, tx, tx.get_one(Case, one.chain), hand.by, hand.bylaws)
        for one in also
    ]
    for one in also:
        holding.require_free(tx, one.chain, at=now)
    given = [(it, _given(it)) for it in (hand, *beside)]
    for one in (erasure, *also):
        journal.append(node, one)
    done = perform(node, tx, erasure, Why(Basis.CONSENT, wish.named))
    for one in also:
        perform(node, tx, one, Why(Basis.CONSENT))
    # A part is a case that stays, whatever goes of the one it was made of.
    if not log.read_only(node):
        for it, rows in given[wish.level is Level.CHAIN :]:
            _say_ended(it, rows)
    return done.ticket


def _given(hand: Hand) -> list[Consent]:
    return [row for one in _ENDED for row in consents.held(hand, one)]


def _say_ended(hand: Hand, given: list[Consent]) -> None:
    """Seal which consents ended with what went, as when a member takes one back."""
    ended = [row for row in given if row.withdrawn_at is not None]
    if not ended:
        return
    chain = log.chain(hand.node, hand.tx, hand.case.id)
    for row in ended:
        consents.say(hand, chain, "consent.revoke", row)
    chain.write()


def parts(node: Node, reference: str, *, by: Visitor) -> list[Part]:
    """Return every entry of a member's own case, and what of it is still there."""
    with node.read() as tx:
        hand = _own(node, tx, reference, by)
        return _parts(hand)


def _own(
    node: Node, tx: Session, reference: str, by: Visitor, *, lock: bool = False
) -> Hand:
    hand = pick_up(node, tx, reference, by, lock=lock)
    if not hand.own:
        raise NotYours("Only its member erases a case, or anything in it.")
    return hand


def prove(node: Node, reference: str, words: str, source: str, *, by: Visitor) -> None:
    """Refuse somebody who did not show just now that a case is their own."""
    if not _by_words(node, reference, words, source, by):
        require_present(by)


def _by_words(node: Node, reference: str, words: str, source: str, by: Visitor) -> bool:
    """Say whether the visitor knows the four words that only the receipt has.

    They do where there is no address to send a code to.
    """
    if by.case_id is None or by.fresh:
        return False
    with node.read() as tx:
        proofs.require(pick_up(node, tx, reference, by, lock=False))
    throttle.spend(node, "track.words", reference, source)
    right = " ".join(links.words(node, by.case_id))
    if not hmac.compare_digest(links.plain(right), links.plain(words)):
        raise AuthRequired("Type the four words from your receipt: a link is not you.")
    return True


def require_present(by: Visitor) -> None:
    """Refuse whoever did not show just now that it is them.

    A program was given the right by its member; a page asks the member again.
    """
    if by.channel != "api" or SCOPE not in by.scopes:
        require_fresh(by)


def _meant(hand: Hand, wish: Wish) -> Erasure:
    node, chain = hand.node, hand.case.id
    hand.key()
    id_, now = new_id(node), node.now()
    if (wish.seq is None) != (wish.level is Level.CHAIN):
        raise ChoiceInvalid("Name the entry, or erase the whole case.", field="seq")
    if wish.seq is None:
        return Erasure(id=id_, at=now, level=wish.level, chain=chain)
    found = next((one for one in _parts(hand) if one.seq == wish.seq), None)
    if found is None:
        raise NotFound("There is no such entry here.")
    if found.erased in {Level.ENTRY, wish.level} - {Level.REDACT}:
        raise EntryErased("This was erased before.")
    n = _number(hand, wish) if wish.level is Level.REDACT else None
    return Erasure(id=id_, at=now, level=wish.level, chain=chain, seq=wish.seq, n=n)


def _number(hand: Hand, wish: Wish) -> int:
    for one in pieces(hand.tx, hand.key(), hand.case.id):
        if (one.seq, one.name) == (wish.seq, wish.name):
            return one.n
    raise ChoiceInvalid("This entry has no such field, or not any more.", field="field")


def _parts(hand: Hand) -> list[Part]:
    tx, chain = hand.tx, hand.case.id
    names: dict[int, list[str]] = {}
    for piece in pieces(tx, hand.key(), chain):
        names.setdefault(piece.seq, []).append(piece.name)
    erased = log.erased(tx, chain)
    rows = tx.execute(
        select(LedgerSeal.seq, LedgerSeal.entry).where(LedgerSeal.case_id == chain)
    )
    known = {seq: entry.read_entry(raw) for seq, raw in rows}
    return [
        Part(
            one.seq,
            known[one.seq].kind if one.seq in known else "",
            known[one.seq].role if one.seq in known else None,
            tuple(names.get(one.seq, ())),
            erased[one.seq].level if one.seq in erased else "",
        )
        for one in log.stands(tx, chain)
    ]
