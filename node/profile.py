"""What our community says of itself, to people and to other nodes."""

from governance.errors import NotYours
from governance.submissions import check_words
from node import actors, governance, moves
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.start import Community

_VERB = "agreement.negotiate"


def describe(node: Node, name: str, place: str, *, by: Visitor) -> None:
    """Change what everybody sees of the community, and tell others. Twice is once."""
    if not governance.reaches(node, _VERB, by=by):
        raise NotYours("Stewards say how this community presents itself.")
    check_words(name)
    with node.begin() as tx:
        row = tx.get_one(Community, 1, with_for_update=True)
        before = row.name, row.place
        row.name, row.place = name.strip(), place.strip()
        tx.flush()
        own = actors.community(tx)
        if (row.name, row.place) != before and actors.has_keys(tx, own):
            moves.changed(node, tx, own)
