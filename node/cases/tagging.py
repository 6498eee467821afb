"""Short words that the desk puts on a case, to find it again.

They may say something about a person: they stand under the case's key, its member
reads them, and they go with it.
"""

from collections.abc import Iterable

from governance import tags as rules
from governance.cases import Part
from governance.errors import NotYours
from node import vault
from node.accounts.visitor import Visitor
from node.cases import sealing
from node.cases.hand import Hand, pick_up, role_of
from node.core import Node
from node.log import Ticket


def put(
    node: Node, reference: str, typed: Iterable[str], *, by: Visitor
) -> Ticket | None:
    """Let a case have exactly these tags; None where it has them already."""
    chosen = rules.check(typed)
    with node.begin(sealed=True) as tx:
        hand = pick_up(node, tx, reference, by)
        if hand.own or not (hand.may("case.reply") or hand.may("case.triage")):
            raise NotYours("Tags are for whoever works on the case or sorts it.")
        if chosen == of(hand):
            return None
        keep(hand, chosen)
        works = hand.case.responsible_id == by.person_id
        part = Part.ADVOCATE if works else Part.COORDINATOR
        # It is said in the chain, so that the index of words reads the case again.
        return sealing.say(hand, role_of(hand, part), "tags")


def keep(hand: Hand, chosen: tuple[str, ...]) -> None:
    """Seal the tags of a case in its row."""
    place = vault.Place("case", "tags", hand.case.id)
    sealed = vault.seal(hand.node, hand.key(), place, "\n".join(chosen))
    hand.case.tags = sealed if chosen else None


def of(hand: Hand) -> tuple[str, ...]:
    """Return the tags of a case."""
    place = vault.Place("case", "tags", hand.case.id)
    return tuple(vault.words(hand.key(), place, hand.case.tags).splitlines())
