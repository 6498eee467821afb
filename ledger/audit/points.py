"""Points: the exact sum of the awards on a member's chain.

There is no entry that takes points away; so a sum over a chain that is proved to be
whole can only have grown.
"""

from ledger.encoding import Json
from ledger.entry import EVENT
from ledger.errors import Invalid
from ledger.receipt import ThreadVerdict

AWARDED = "points.awarded"


def points(chain: ThreadVerdict) -> int:
    """Return the sum of all awards on a member's chain, annotated ones included."""
    if chain.level is None:
        raise Invalid("chain-unproved", "Points need a chain that is proved whole.")
    awards: dict[str, int] = {}
    for place in chain.entries:
        if place.verdict is None or place.verdict.kind != AWARDED:
            continue
        award, worth = read_award(dict(place.verdict.disclosed).get(EVENT))
        if award in awards:
            raise Invalid("award-twice", f"Entry {place.seq} awards the same again.")
        awards[award] = worth
    return sum(awards.values())


def read_award(event: Json) -> tuple[str, int]:
    """Return the id and the worth of an award, or refuse an event that is none."""
    # Governance's tuple: kind, time, actor, public part, sealed part.
    match event:
        case [kind, _, _, {"award": str(award), "points": int(worth)}, _] if (
            kind == AWARDED and worth > 0 and not isinstance(worth, bool)
        ):
            return award, worth
        case _:
            raise Invalid("award-malformed", "This is no award of points.")
