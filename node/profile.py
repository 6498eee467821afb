"""What our community says of itself, to people and to other nodes."""

from dataclasses import dataclass

from federation.policy import Access
from governance.errors import NotYours
from governance.submissions import check_words
from node import actors, governance, moves
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.start import Community

#: How others can come to follow a community: let in, after a steward's yes, or not.
FOLLOWERS = tuple(Access)
_VERB = "agreement.negotiate"


@dataclass(frozen=True, slots=True)
class Profile:
    """What everybody sees of the community, and how others come to follow it."""

    name: str
    place: str
    #: One of `FOLLOWERS`.
    followers: str


def shown(node: Node, *, by: Visitor) -> Profile:
    """Return what everybody sees of the community, for whoever may change it."""
    _require(node, by)
    with node.read() as tx:
        row = tx.get_one(Community, 1)
        return Profile(row.name, row.place, row.followers)


def describe(node: Node, profile: Profile, *, by: Visitor) -> None:
    """Change what everybody sees of the community, and tell others. Twice is once."""
    _require(node, by)
    check_words(profile.name)
    with node.begin() as tx:
        row = tx.get_one(Community, 1, with_for_update=True)
        before = row.name, row.place, row.followers
        row.name, row.place = profile.name.strip(), profile.place.strip()
        row.followers = Access(profile.followers)
        tx.flush()
        own = actors.community(tx)
        if (row.name, row.place, row.followers) != before and actors.has_keys(tx, own):
            moves.changed(node, tx, own)


def _require(node: Node, by: Visitor) -> None:
    if not governance.reaches(node, _VERB, by=by):
        raise NotYours("Stewards say how this community presents itself.")
