"""Random ids, from the one source of chance a node has."""

from uuid import UUID

from node.core import Node

_SIZE = 16


def new_id(node: Node) -> UUID:
    """Return a random id."""
    return UUID(bytes=node.dice(_SIZE), version=4)


def iri(node: Node, kind: str) -> str:
    """Return a new public id of one kind: `activities`, `cases`, `replies`."""
    return f"{node.settings.origin}/ap/{kind}/{node.dice(_SIZE).hex()}"
