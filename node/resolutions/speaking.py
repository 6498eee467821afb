"""What a member says with an act of theirs."""

from governance.cases import Part
from node.cases.hand import Hand
from node.log import Chain
from node.threads import Words, say


def speak(hand: Hand, chain: Chain, words: Words | None) -> None:
    """Add the words that came with an act, if its own member said any."""
    if words is not None and hand.own:
        say(hand, chain, words, Part.MEMBER)
