"""Reading what other logs show to everybody, and comparing it with what they showed us.

What is newer is cosigned, what contradicts is kept as proof: by the very function that
answers whoever sends us a checkpoint.
"""

from datetime import timedelta

from federation.errors import Unfetched
from federation.fetch import Kind, Pace
from ledger import checkpoint, fraud, tiles, tree, witness
from ledger.checkpoint import Checkpoint
from ledger.errors import Invalid
from ledger.witness import Record
from node.core import Node
from node.models.witness import WitnessLog
from node.witness import renewing, visits
from node.witness.answering import add_checkpoint, record_of
from node.witness.shown import Shown

_EVERY = timedelta(minutes=10)
#: Seconds that reading a checkpoint and the tiles of one proof may take.
_SECONDS = 30.0


def look(node: Node, origin: str) -> bool:
    """Look at one log; False if somebody else does."""
    visit = visits.begin(node, WitnessLog, origin)
    if visit is None:
        return False
    problem = ""
    try:
        body = _seen(node, visit.row)
    except Unfetched as failure:
        problem = failure.code
    except Invalid as no:
        problem = no.code
    else:
        if body:
            add_checkpoint(node, body)
    with node.begin() as tx:
        visits.end(node, tx, visit, problem, _EVERY)
    return True


def _seen(node: Node, known: WitnessLog) -> bytes:
    """Return what to ask ourselves about a log; nothing if it shows what we know."""
    shown = Shown(node.network, known.url, Pace(_SECONDS, node.monotonic))
    signed = shown.fetch("checkpoint", Kind.NOTE)
    stated = checkpoint.open(signed, renewing.learn(node, known, signed, shown.fetch))
    if stated.origin != known.origin:
        raise Invalid("log-unknown", "Another log is shown there.")
    held = record_of(known)
    if held is None:
        return witness.write(0, [], signed)
    if stated.size < held.size or stated.root == held.root:
        return b""
    return witness.write(held.size, proof(held, stated, shown), signed)


def proof(held: Record, stated: Checkpoint, shown: Shown) -> list[bytes]:
    """Return the proof that a log grew from a record; or that it did not.

    Raises `Invalid` where what is shown is not the log that signed.
    """
    if held.size in {0, stated.size}:
        return []

    def read(level: int, n: int) -> bytes:
        width = tiles.width(level, n, stated.size)
        return shown.fetch(tiles.path(level, n, width), Kind.TILE)

    path = fraud.explicit(held.size, stated.size, read)
    began, ended = tree.fold_consistency(held.size, stated.size, path)
    if ended != stated.root:
        # Nobody signs tiles: what is wrong with them proves nothing.
        raise Invalid("tiles", "The tiles do not give the root that is signed.")
    power = held.size & (held.size - 1) == 0
    return path[1:] if power and began == held.root else path
