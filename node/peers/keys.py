"""Keys of other nodes: from their own origin only, by a fetch of ours.

Nothing that was pushed here ever changes one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import delete
from sqlalchemy.orm import Session

from federation import keys, origins
from federation.errors import KeyAway, KeyRefused, Rejected, Unfetched
from federation.fetch import Pace
from federation.keys import PublicKey
from federation.signatures.shapes import FindKey
from governance.errors import Throttled
from node import throttle
from node.core import Node
from node.crowding import one_of
from node.models.peers import RemoteKey
from node.peers.known import KnownKey, known_key
from node.peers.meeting import meet
from node.peers.strangers import document, keep_actor
from node.upsert import insert_over

#: How long a key is believed without asking again.
KEPT = timedelta(hours=24)
#: The least time between two fetches of a key whose signature did not hold.
PATIENCE = timedelta(minutes=5)
_MOMENT = timedelta(seconds=1)
#: Seconds a stranger's key may take while their request waits, owner and all.
_QUICKLY = 5.0
#: How many requests of a process may wait for strangers' keys at a time.
_AT_ONCE = 4
#: How many of those who wait are remembered.
_WAITING = 1000
_AWAY = {"egress.unreachable", "egress.slow"}


def find_key(
    node: Node, seen: Mapping[str, KnownKey] = MappingProxyType({})
) -> FindKey:
    """Return what finds the key of an id: seen already, here, or at its own origin.

    Opens transactions and connections of its own: never call the result inside one.
    """

    def find(key_id: str) -> PublicKey:
        found = seen.get(key_id) or known_key(node, key_id)
        if found is not None and found.fetched_at > node.now() - KEPT:
            return found.key
        try:
            return learn_key(node, key_id)
        except KeyAway:
            if found is None:
                raise
            return found.key  # an old key is better than none while its host is away

    return find


def learn_key(node: Node, key_id: str) -> PublicKey:
    """Fetch a key from its own origin, and remember it and its owner."""
    with _asking(node, key_id, "federation.key", key_id):
        return _learnt(node, key_id)


@contextmanager
def _asking(node: Node, key_id: str, limit: str, *spent: str) -> Iterator[None]:
    origin = origins.origin(key_id)
    if origin == node.settings.origin:
        raise KeyRefused("Nobody of this node writes to it from outside.")
    _spend(node, limit, *spent, origin)
    # Requests that wait for slow strangers must not become all there are.
    crowded = KeyAway("Too many keys are being asked for at once.")
    with one_of(node, "peers.keys", _AT_ONCE, crowded):
        yield


def _spend(node: Node, limit: str, *spent: str) -> None:
    # Whoever is told to wait asks again at once: until then no bucket has to be read.
    waits, named = node.memory.setdefault("peers.waits", {}), (limit, *spent)
    if not isinstance(waits, dict):
        raise TypeError("Something else is kept where it stands who waits.")
    if waits.get(named, 0.0) > node.monotonic():
        raise KeyAway("This key was asked for a moment ago.")
    try:
        throttle.spend(node, limit, *spent)
    except Throttled as refused:
        if len(waits) >= _WAITING:
            waits.clear()
        waits[named] = node.monotonic() + (refused.retry_after or 0)
        raise KeyAway("This key was asked for a moment ago.") from refused


def _learnt(node: Node, key_id: str) -> PublicKey:
    key, holder = _fetched(node, key_id)
    with node.begin(durable=False) as tx:
        meet(node, tx, origins.origin(key_id))
        keep_actor(node, tx, holder)
        for one in {**keys.of_actor(holder), key.id: key}.values():
            _keep(node, tx, one)
    return key


def _fetched(node: Node, key_id: str) -> tuple[PublicKey, Mapping[str, object]]:
    pace = Pace(_QUICKLY, node.monotonic)
    document = _key_document(node, key_id.partition("#")[0], pace)
    match document:
        case {"owner": str(owner)} | {"controller": str(owner)} if (
            owner != document.get("id") and origins.same(owner, key_id)
        ):
            holder = _key_document(node, owner, pace)
        case _:
            holder = document
    return keys.accept(key_id, document, holder), holder


def doubt(node: Node, key_id: str, seen: KnownKey | None) -> bool:
    """Ask for a key anew because its signature did not hold, every 5 minutes at most.

    Returns whether it is another key now. Raises `KeyAway` while that is unknown.
    """
    if not _is_doubtful(node, seen or known_key(node, key_id)):
        return False
    # Only a doubt that leads to a question counts: one that came too soon may come
    # again.
    with _asking(node, key_id, "federation.doubt"):
        with node.begin(durable=False) as tx:
            row = tx.get(RemoteKey, key_id, with_for_update=True)
            if row is None or not _is_doubtful(node, row):
                return False
            row.doubted_at, before = node.now(), row.raw
        return _learnt(node, key_id).raw != before


def _is_doubtful(node: Node, row: RemoteKey | KnownKey | None) -> bool:
    # What came this very moment is not asked for again.
    if row is None or row.fetched_at > node.now() - _MOMENT:
        return False
    if row.doubted_at is None or row.doubted_at <= node.now() - PATIENCE:
        return True
    if row.fetched_at < row.doubted_at:
        raise KeyAway("This key was asked for, and nothing is known yet.")
    return False


def refresh(node: Node, actor_id: str) -> None:
    """Ask an actor anew, and believe what its own origin says of its keys."""
    found = document(node, actor_id)
    with node.begin(durable=False) as tx:
        keep_actor(node, tx, found)
        tx.execute(delete(RemoteKey).where(RemoteKey.owner == actor_id))
        for one in keys.of_actor(found).values():
            _keep(node, tx, one)


def _keep(node: Node, tx: Session, key: PublicKey) -> None:
    row = {"id": key.id, "owner": key.owner, "kind": key.kind, "raw": key.raw}
    insert_over(tx, RemoteKey, {**row, "fetched_at": node.now()}, "id")


def _key_document(node: Node, iri: str, pace: Pace) -> Mapping[str, object]:
    try:
        return document(node, iri, pace=pace)
    except Unfetched as failure:
        if failure.code in _AWAY or (failure.status or 0) >= 500:  # noqa: PLR2004
            raise KeyAway("The key's host gives no answer now.") from failure
        raise KeyRefused("The key's document cannot be used.") from failure
    except Rejected as refused:
        raise KeyRefused("The key's document cannot be read.") from refused
