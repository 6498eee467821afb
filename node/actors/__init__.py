"""Our own actors: the node, the community, advocates who agreed to be seen.

Members have no actor, and nothing here says that one exists.
"""

from node.actors.documents import (
    actor,
    context,
    nodeinfo,
    nodeinfo_links,
    webfinger,
)
from node.actors.making import JOB, NODE, ask, community, make, prover, public, signer

__all__ = [
    "JOB",
    "NODE",
    "actor",
    "ask",
    "community",
    "context",
    "make",
    "nodeinfo",
    "nodeinfo_links",
    "prover",
    "public",
    "signer",
    "webfinger",
]
