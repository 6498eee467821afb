"""What we know of other nodes: how they are treated, how they sign, and their keys."""

from node.peers.keys import KEPT, PATIENCE, doubt, find_key, learn_key, refresh
from node.peers.meeting import meet, memory, modes, remember
from node.peers.strangers import JOB, actor, ask, document, keep_actor, learn_actor

__all__ = [
    "JOB",
    "KEPT",
    "PATIENCE",
    "actor",
    "ask",
    "document",
    "doubt",
    "find_key",
    "keep_actor",
    "learn_actor",
    "learn_key",
    "meet",
    "memory",
    "modes",
    "refresh",
    "remember",
]
