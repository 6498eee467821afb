"""What works between us and another node, judged by what was seen of it.

Nobody is asked anything here. A finding has a stable code and a sentence of our own
words and numbers: nothing that the other side wrote is ever repeated.
"""

from federation.doctor.findings import Finding, State
from federation.doctor.here import (
    Waiting,
    ledger,
    mode,
    ours,
    ourselves,
    profile,
    waiting,
)
from federation.doctor.seen import Seen
from federation.doctor.there import (
    actor,
    capabilities,
    clock,
    connection,
    inbox,
    key_ring,
    name,
    nodeinfo,
    signatures,
    unnamed,
    webfinger,
)

__all__ = [
    "Finding",
    "Seen",
    "State",
    "Waiting",
    "actor",
    "capabilities",
    "clock",
    "connection",
    "inbox",
    "key_ring",
    "ledger",
    "mode",
    "name",
    "nodeinfo",
    "ours",
    "ourselves",
    "profile",
    "signatures",
    "unnamed",
    "waiting",
    "webfinger",
]
