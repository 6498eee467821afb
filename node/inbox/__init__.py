"""What other nodes send: taken with a signature, kept byte for byte, acted on later."""

from node.inbox.aside import forget, release, set_aside
from node.inbox.handling import handle
from node.inbox.keeping import forget_signatures
from node.inbox.receiving import AT_ONCE, Delivery, receive
from node.inbox.registry import INBOX, JOB, Handling
from node.inbox.waiting import arrived, park, put_again, wait

__all__ = [
    "AT_ONCE",
    "INBOX",
    "JOB",
    "Delivery",
    "Handling",
    "arrived",
    "forget",
    "forget_signatures",
    "handle",
    "park",
    "put_again",
    "receive",
    "release",
    "set_aside",
    "wait",
]
