"""What other nodes send: taken with a signature, kept byte for byte, acted on later."""

from node.inbox.handling import JOB, handle
from node.inbox.receiving import Delivery, receive
from node.inbox.registry import INBOX, Handling

__all__ = ["INBOX", "JOB", "Delivery", "Handling", "handle", "receive"]
