"""What our actors' documents say, and how others find them."""

import re
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from federation import actors as wire
from federation import cases, discovery
from federation.actors import Advocate, Community
from federation.errors import ActorGone
from federation.vocabulary import published_context
from governance.errors import NotFound
from node import log
from node.actors import keyring, making
from node.core import Node
from node.models import start as rows
from node.models.actors import AdvocateActor

_ADVOCATES = "/ap/u/"
_ACCOUNT = re.compile(r"acct:([^@]+)@(.+)")


def actor(node: Node, path: str) -> tuple[dict[str, object], bool]:
    """Return the document of one of our actors, and whether the actor is gone."""
    with node.read() as tx:
        closed_at = _closed_at(tx, path)
        if closed_at is not None:
            return tombstone(node, path, at=closed_at), True
        return described(node, tx, path), False


def described(node: Node, tx: Session, path: str) -> dict[str, object]:
    """Return what an actor of ours says of itself now."""
    keys = keyring.public(tx, path, at=node.now())
    origin = node.settings.origin
    if path == making.NODE:
        return wire.node(origin, keys, wire.Node(log.verifier_keys(node, tx)))
    if path == making.community(tx):
        community = tx.get_one(rows.Community, 1)
        closed = community.followers != "open"
        facts = Community(community.slug, community.name, community.place, closed)
        return wire.community(origin, keys, facts)
    return wire.advocate(origin, keys, _advocate(node, tx, path))


def require(node: Node, tx: Session, path: str) -> None:
    """Refuse a path that is no actor of ours, or was one."""
    if _closed_at(tx, path) is not None:
        raise ActorGone("Whoever this was has left.")
    keyring.public(tx, path, at=node.now())


def tombstone(node: Node, path: str, *, at: datetime) -> dict[str, object]:
    """Return what is served in place of an advocate's actor that was closed."""
    return cases.tombstone(f"{node.settings.origin}{path}", at=at, former="Person")


def _closed_at(tx: Session, path: str) -> datetime | None:
    handle = path.removeprefix(_ADVOCATES)
    row = tx.get(AdvocateActor, handle) if handle != path else None
    return row.closed_at if row is not None else None


def _advocate(node: Node, tx: Session, path: str) -> Advocate:
    row = tx.get(AdvocateActor, path.removeprefix(_ADVOCATES))
    if row is None:
        raise NotFound("There is no such actor here.")
    group = f"{node.settings.origin}{making.community(tx)}"
    return Advocate(row.handle, row.name, (group,))


def context() -> dict[str, object]:
    """Return the context that types our own words."""
    return published_context()


def nodeinfo_links(node: Node) -> dict[str, object]:
    """Return where this node describes itself."""
    return discovery.nodeinfo_links(node.settings.origin)


def nodeinfo(node: Node) -> dict[str, object]:
    """Return how this node describes itself; nobody is counted in it."""
    with node.read() as tx:
        name = tx.execute(select(rows.Community.name)).scalar_one()
    return discovery.nodeinfo(name=name, version=version("folkmoot"))


def webfinger(node: Node, asked: str) -> Mapping[str, object]:
    """Return what WebFinger says about an account, an actor or the origin."""
    origin, host = node.settings.origin, node.settings.host
    asked = discovery.resource(asked, origin=origin)
    if asked == f"{origin}/":
        return discovery.webfinger_origin(origin)
    with node.read() as tx:
        known, closed = _accounts(tx), _closed(tx)
    account = _ACCOUNT.fullmatch(asked)
    for handle, path in {**known, **closed}.items():
        named = account is not None and account.groups() == (handle, host)
        if named or asked == f"{origin}{path}":
            if handle in closed:
                raise ActorGone("Whoever this was has left.")
            who = discovery.Account(handle, host)
            page = f"{origin}/"
            return discovery.webfinger(who, actor=f"{origin}{path}", page=page)
    raise NotFound("Nobody here has this name.")


def _accounts(tx: Session) -> dict[str, str]:
    community = making.community(tx)
    open_ = _advocates(tx, AdvocateActor.closed_at.is_(None))
    return {**open_, community.rpartition("/")[2]: community, "node": making.NODE}


def _closed(tx: Session) -> dict[str, str]:
    return _advocates(tx, AdvocateActor.closed_at.is_not(None))


def _advocates(tx: Session, which: ColumnElement[bool]) -> dict[str, str]:
    handles = tx.scalars(select(AdvocateActor.handle).where(which))
    return {handle: f"{_ADVOCATES}{handle}" for handle in handles}
