"""Learning that a log we cosign signs with a new key: from the log itself.

The old key says so in a leaf that stands in the tree we cosigned. A revocation is never
learned here: a stolen key's log could say anything, so a steward has to hear of it.
"""

from collections.abc import Callable, Iterator
from typing import Any

from federation import strict
from federation.errors import Rejected, Unfetched
from federation.fetch import Kind
from ledger import checkpoint, note, rotation, tiles
from ledger.errors import Invalid
from ledger.included import Included
from ledger.note import VKey
from ledger.shapes import Shape
from ledger.witness import Record
from node.core import Node
from node.log.shapes import milliseconds
from node.models.witness import WitnessLog
from node.witness.answering import record_of, vkeys_of

_ROTATE = "key.rotate"
_CODE = "keys-malformed"
Fetch = Callable[[str, Kind], bytes]


def learn(node: Node, known: WitnessLog, signed: bytes, fetch: Fetch) -> list[VKey]:
    """Return the keys that may sign for a log, and keep them if they changed.

    `signed` is the checkpoint that is shown. Only if others signed it than we know is
    more asked for, by `fetch`.
    """
    own, held = list(vkeys_of(known)), record_of(known)
    found = note.parse(signed)
    ids = {line.id for line in found.lines if line.name == known.origin}
    if held is None or ids == {key.id for key in own}:
        return own
    try:
        size = checkpoint.parse(found.text).size
        leaves = list(_leaves(fetch, held, size))
        reached = [key for one in own for key in rotation.walk(one, leaves)]
    except (Invalid, Rejected, Unfetched):
        return own
    over = _over(leaves, milliseconds(node.now()))
    now = [key for key in dict.fromkeys(reached) if str(key) not in over]
    if now != own:
        _keep(node, known.origin, now)
    return now


def _leaves(fetch: Fetch, held: Record, size: int) -> Iterator[bytes]:
    """Yield the rotations that stand in the tree we cosigned, in its order."""

    def read(level: int, n: int) -> bytes:
        return fetch(tiles.path(level, n, tiles.width(level, n, size)), Kind.TILE)

    stated: Any = strict.loads(fetch("keys.json", Kind.KEYS))
    shape = Shape({"keys": stated}, _CODE).inner("keys")
    for one in shape.objects("rotations")[: rotation.MOST]:
        index, leaf = one.number("index"), one.raw("leaf")
        said = rotation.read_change(leaf)
        if said is not None and said.kind == _ROTATE and index < held.size <= size:
            proof = tuple(tiles.inclusion(index, held.size, read))
            Included(index, leaf, proof).require(held.size, held.root)
            yield leaf


def _over(leaves: list[bytes], now: int) -> set[str]:
    """Return the keys whose time beside their successor is over."""
    said = [rotation.read_change(leaf) for leaf in leaves]
    bodies = [Shape(one.body, _CODE) for one in said if one]
    return {body.text("old") for body in bodies if body.number("overlap_until") <= now}


def _keep(node: Node, origin: str, keys: list[VKey]) -> None:
    with node.begin() as tx:
        row = tx.get(WitnessLog, origin, with_for_update=True)
        if row is not None:
            row.vkeys = "\n".join(map(str, keys))
