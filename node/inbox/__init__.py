"""What other nodes send: taken with a signature, kept byte for byte, acted on later."""

from node.inbox.handling import JOB, handle
from node.inbox.receiving import AT_ONCE, Delivery, receive
from node.inbox.registry import INBOX, Handling

__all__ = ["AT_ONCE", "INBOX", "JOB", "Delivery", "Handling", "handle", "receive"]
