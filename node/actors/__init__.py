"""Our own actors: the node, the community, advocates who agreed to be seen.

Members have no actor, and nothing here says that one exists.
"""

from node.actors.documents import (
    actor,
    context,
    described,
    nodeinfo,
    nodeinfo_links,
    require,
    tombstone,
    webfinger,
)
from node.actors.keyring import Prover, has_keys, prover, public, signer
from node.actors.making import JOB, NODE, ask, begin, community, make

__all__ = [
    "JOB",
    "NODE",
    "Prover",
    "actor",
    "ask",
    "begin",
    "community",
    "context",
    "described",
    "has_keys",
    "make",
    "nodeinfo",
    "nodeinfo_links",
    "prover",
    "public",
    "require",
    "signer",
    "tombstone",
    "webfinger",
]
