"""Other nodes as people name them: by a host, or by an origin on a rig."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import origins
from federation.errors import Rejected
from governance.errors import NotFound
from node.core import Node
from node.models.peers import Peer

#: What ends a host in an address.
_NO_HOST = frozenset("/?#@\\")


def met(tx: Session, host: str) -> Peer | None:
    """Return what is remembered of a node; None for one that we never met."""
    spelled = host.strip().lower()
    both = [spelled, f"https://{spelled}", f"http://{spelled}"]
    return tx.scalar(select(Peer).where(Peer.origin.in_(both)).limit(1))


def origin(node: Node, host: str) -> str:
    """Return the origin of another node that somebody named; refuse what is none.

    Only rigs have plain http, so only they write it: `http://localhost:8001`.
    """
    name = host.strip().lower()
    scheme = "http" if name.startswith("http://") else "https"
    name = name.removeprefix(f"{scheme}://")
    try:
        found = origins.origin(f"{scheme}://{name}/")
    except Rejected as refused:
        raise NotFound("There is no such node.") from refused
    if set(name) & _NO_HOST:
        raise NotFound("There is no such node.")
    if host_of(found) == node.settings.host:
        raise NotFound("This is our own node.")
    return found


def host_of(origin_: str) -> str:
    """Return the host of an origin, as people name it."""
    return origin_.partition("//")[2]
