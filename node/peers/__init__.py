"""What we know of other nodes: how they are treated, how they sign, and their keys."""

from node.peers.callers import last_word, require_signed, verified
from node.peers.hosts import host_of, met, origin
from node.peers.keys import KEPT, PATIENCE, find_key, learn_key, refresh
from node.peers.known import KnownKey, known_keys
from node.peers.meeting import heard, meet, memory, modes, remember
from node.peers.strangers import (
    JOB,
    actor,
    ask,
    document,
    keep_actor,
    learn_actor,
    signing,
)

__all__ = [
    "JOB",
    "KEPT",
    "PATIENCE",
    "KnownKey",
    "actor",
    "ask",
    "document",
    "find_key",
    "heard",
    "host_of",
    "keep_actor",
    "known_keys",
    "last_word",
    "learn_actor",
    "learn_key",
    "meet",
    "memory",
    "met",
    "modes",
    "origin",
    "refresh",
    "remember",
    "require_signed",
    "signing",
    "verified",
]
