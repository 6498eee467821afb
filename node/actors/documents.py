"""What our actors' documents say, and how others find them."""

import re
from collections.abc import Mapping
from importlib.metadata import version

from sqlalchemy import select
from sqlalchemy.orm import Session

from federation import actors as wire
from federation import discovery
from federation.actors import Advocate, Community
from federation.vocabulary import published_context
from governance.errors import NotFound
from node import log
from node.actors import making
from node.core import Node
from node.models import start as rows
from node.models.actors import AdvocateActor

_ACCOUNT = re.compile(r"acct:([^@]+)@(.+)")


def actor(node: Node, path: str) -> dict[str, object]:
    """Return the document of one of our actors, by its path."""
    with node.read() as tx:
        keys = making.public(tx, path)
        origin = node.settings.origin
        if path == making.NODE:
            return wire.node(origin, keys, wire.Node(log.verifier_keys(node)))
        if path == making.community(tx):
            community = tx.get_one(rows.Community, 1)
            facts = Community(community.slug, community.name, community.place)
            return wire.community(origin, keys, facts)
        return wire.advocate(origin, keys, _advocate(node, tx, path))


def _advocate(node: Node, tx: Session, path: str) -> Advocate:
    row = tx.get(AdvocateActor, path.rpartition("/")[2])
    if row is None or row.closed_at is not None:
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
        known = _accounts(tx)
    account = _ACCOUNT.fullmatch(asked)
    for handle, path in known.items():
        named = account is not None and account.groups() == (handle, host)
        if named or asked == f"{origin}{path}":
            who = discovery.Account(handle, host)
            page = f"{origin}/"
            return discovery.webfinger(who, actor=f"{origin}{path}", page=page)
    raise NotFound("Nobody here has this name.")


def _accounts(tx: Session) -> dict[str, str]:
    open_ = select(AdvocateActor.handle).where(AdvocateActor.closed_at.is_(None))
    known = {handle: f"/ap/u/{handle}" for handle in tx.scalars(open_)}
    community = making.community(tx)
    return {**known, community.rpartition("/")[2]: community, "node": making.NODE}
