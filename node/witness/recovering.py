"""Recovering our own log from a copy that somebody else kept.

Only what our own key signed is taken back, and only as it was signed: never another
root for a size, never a smaller size. Where that cannot be, nothing is changed.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, NoReturn
from urllib.parse import urlsplit

from sqlalchemy import select, update

from federation.errors import Rejected, Unfetched
from federation.fetch import Kind, Pace
from ledger import checkpoint, cosignature, tree
from ledger.checkpoint import Checkpoint
from ledger.errors import Invalid
from ledger.note import Line, VKey
from ledger.tiles import FULL
from ledger.witness import Record
from node import log
from node.core import Node, outside
from node.errors import NotRecovered
from node.log import guard, names, signing
from node.log.rebuilding import Missing, Rebuilt, rebuild
from node.log.sequencing import load_edge
from node.logging import log as logger
from node.models.log import LedgerHead
from node.models.witness import LedgerWitness
from node.witness.answering import digest_of
from node.witness.asking import Heard, hear, lines_of
from node.witness.feeding import keep_line
from node.witness.gossip import proof
from node.witness.shown import Shown

#: Seconds for one checkpoint, and for all entries that are missing.
_SECONDS, _ALTOGETHER = 10.0, 3_600.0


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of our log that somebody offers: it is as long as we signed it."""

    url: str
    stated: Checkpoint
    signed: bytes
    #: The lines of our own witnesses under it.
    lines: tuple[tuple[VKey, Line], ...]


@dataclass(slots=True)
class _Log:
    """Our log as it is here, and what it is known to have been."""

    head: LedgerHead
    edge: tree.Edge
    witnesses: Sequence[LedgerWitness]
    #: Keys that may have signed it.
    keys: Sequence[VKey]
    #: Sizes and roots that were signed, and who remembers each.
    points: list[tuple[int, bytes, str]] = field(default_factory=list)
    vouched: bool = False


def recover(node: Node, *, source: str = "", accept: bool = False) -> Rebuilt:
    """Bring our log back to the longest that it is known to have been; let it go on.

    `source` is where a copy is; without one our witnesses are asked. `accept` lets it
    go on though no witness vouches for it. Raises `NotRecovered`, and changes nothing,
    where something that was signed is missing or contradicts what is here.
    """
    known = _look(node)
    _remember(known, hear(node, known.witnesses))
    copies = _copies(node, known, source)
    known.points += [(one.stated.size, one.stated.root, one.url) for one in copies]
    here = names.origin(node)
    for size, root, who in known.points:
        if size <= known.head.size and log.compare(node, Checkpoint(here, size, root)):
            raise NotRecovered(_FORKED.format(who=who, size=size))
    longest = max(size for size, _, _ in known.points)
    whole = [copy for copy in copies if copy.stated.size == longest]
    _require(known, whole, longest, accept=accept)
    done = _take_first(node, known, whole)
    why = log.guard_again(node)
    if why:
        raise NotRecovered(why)
    logger().warning("ledger.recovered", n=done.entries)
    return done


def _look(node: Node) -> _Log:
    with node.read() as tx:
        head = tx.scalars(select(LedgerHead)).one_or_none()
        if head is None:
            raise NotRecovered("There is no log here yet: restore a backup first.")
        edge = load_edge(tx)
        witnesses = tx.scalars(select(LedgerWitness)).all()
        keys = signing.ours(node, tx)
    if edge.size != head.size or (head.size and tree.root(edge) != head.root):
        raise NotRecovered(
            "The entries here do not give the root of their own head: the database is"
            " damaged. Restore a backup first, then recover."
        )
    known = _Log(head, edge, witnesses, keys)
    known.points.append((head.size, head.root, "This database"))
    mark = guard.read(guard.path(node))
    if mark is not None and mark.epoch == head.epoch:
        known.points.append((mark.size, mark.root, "ledger.guard"))
    return known


def _remember(known: _Log, heard: dict[str, Heard | None]) -> None:
    for key, one in heard.items():
        if one is not None:
            name = VKey.parse(key).name
            known.points.append((one.stated.size, one.stated.root, name))
            known.vouched = known.vouched or one.vouched


def _copies(node: Node, known: _Log, source: str) -> list[Copy]:
    """Return the copies that are offered."""
    outside()
    digest = digest_of(names.origin(node))
    if source:
        bare = urlsplit(source).path.strip("/") == ""
        wanted = [f"{source.rstrip('/')}/mirror/{digest}" if bare else source]
    else:
        doors = [row.url.removesuffix("/witness") for row in known.witnesses]
        wanted = [f"{door}/mirror/{digest}" for door in doors]
    asked = [_copy(node, known, url.rstrip("/")) for url in wanted]
    found = [copy for copy in asked if copy]
    if source and not found:
        raise NotRecovered(f"{source} shows no checkpoint that this log signed.")
    return found


def _copy(node: Node, known: _Log, url: str) -> Copy | None:
    shown = Shown(node.network, url, Pace(_SECONDS, node.monotonic))
    try:
        signed = shown.fetch("checkpoint", Kind.NOTE)
        stated = checkpoint.open(signed, known.keys)
    except (Invalid, Rejected, Unfetched):
        return None
    if stated.origin != names.origin(node):
        return None
    theirs = [VKey.parse(row.vkey) for row in known.witnesses]
    lines = [(key, line) for key in theirs for line in lines_of(node, signed, key)]
    return Copy(url, stated, signed, tuple(lines))


def _require(known: _Log, whole: list[Copy], longest: int, *, accept: bool) -> None:
    if not whole and longest > known.head.size:
        who = next(name for size, _, name in known.points if size == longest)
        raise NotRecovered(
            f"{who} knows of {longest} entries, here are {known.head.size}, and no copy"
            " has them all. Ask whoever may have one and name it with --from. The log"
            " must never be shorter than it was: without a copy it ends here, and a new"
            " one follows: `folkmoot ledger end-request`."
        )
    vouched = known.vouched or any(copy.lines for copy in whole)
    if not vouched and not accept:
        raise NotRecovered(
            "No witness vouches that this is all that was signed. Ask them to answer,"
            " or let a steward decide: --accept-unwitnessed."
        )


_FORKED = (
    "{who} has another history of this log at {size} entries than is here. Both were"
    " signed, so this log cannot go on. Keep this database, tell your partners, and"
    " let a new log follow it: `folkmoot ledger end-request`."
)


def _take_first(node: Node, known: _Log, whole: list[Copy]) -> Rebuilt:
    """Take over the first copy that is what it says; all are of one size."""
    if not whole or whole[0].stated.size == known.head.size:
        return _go_on(node, None, ())
    problem = ""
    for copy in whole:
        # The bundles of many entries do not fit into memory.
        with tempfile.TemporaryFile(dir=node.settings.data) as spool:
            shown = Shown(node.network, copy.url, Pace(_ALTOGETHER, node.monotonic))
            try:
                _stage(known, copy, shown, spool)
            except (Invalid, OSError, Unfetched) as failure:
                problem = f"{copy.url} cannot be used: {failure}"
                continue
            return _go_on(node, _missing(known, copy, spool), copy.lines)
    raise NotRecovered(problem)


def _stage(known: _Log, copy: Copy, shown: Shown, spool: IO[bytes]) -> None:
    """Fetch what is missing, and check it against every root that is known."""
    edge, size = known.edge, copy.stated.size
    while edge.size < size:
        n, have = divmod(edge.size, FULL)
        leaves = shown.leaves(n, size)
        hashes = [tree.leaf_hash(leaf) for leaf in leaves]
        if have and b"".join(hashes[:have]) != edge.levels[0]:
            _blame(known, copy, shown)
        edge = _grow(edge, hashes[have:], known.points) or _blame(known, copy, shown)
        for leaf in leaves[have:]:
            spool.write(len(leaf).to_bytes(2, "big") + leaf)


def _grow(
    edge: tree.Edge, hashes: list[bytes], points: list[tuple[int, bytes, str]]
) -> tree.Edge | None:
    """Return the larger edge; None if a root on the way is not the one known."""
    end, _ = tree.append(edge, hashes)
    for size, root, _ in points:
        if edge.size < size <= end.size:
            then, _ = tree.append(edge, hashes[: size - edge.size])
            if tree.root(then) != root:
                return None
    return end


def _blame(known: _Log, copy: Copy, shown: Shown) -> NoReturn:
    """Say whether we signed two histories, or the copy is only damaged."""
    held, stated = Record(known.head.size, known.head.root), copy.stated
    path = proof(held, stated, shown)
    try:
        tree.verify_consistency(held.size, stated.size, held.root, stated.root, path)
    except Invalid as error:
        what = _FORKED.format(who=copy.url, size=stated.size)
        raise NotRecovered(what) from error
    raise Invalid("tiles", "Its entries do not give the roots that were signed.")


def _missing(known: _Log, copy: Copy, spool: IO[bytes]) -> Missing:
    spool.seek(0)
    seconds = max((cosignature.time_of(line) for _, line in copy.lines), default=0)
    return Missing(
        size=known.head.size,
        root=known.head.root,
        note=copy.signed,
        new_size=copy.stated.size,
        new_root=copy.stated.root,
        leaves=_read(spool),
        at=datetime.fromtimestamp(seconds, UTC),
    )


def _read(spool: IO[bytes]) -> Iterator[bytes]:
    while length := spool.read(2):
        yield spool.read(int.from_bytes(length, "big"))


def _go_on(
    node: Node, missing: Missing | None, lines: Sequence[tuple[VKey, Line]]
) -> Rebuilt:
    with node.begin(flushed=True) as tx:
        done = rebuild(node, tx, missing)
        for key, line in lines:
            keep_line(tx, missing.new_size if missing else 0, key, line)
        again = {"next_at": node.now(), "tries": 0, "ask_at": None}
        tx.execute(update(LedgerWitness).values(again))
    return done
