"""What leaves for other nodes: written with its cause, sent in order, never in one."""

from node.outbox.couriers import due, oldest_due
from node.outbox.purging import SHOWN, purge
from node.outbox.putting import Sending, followers, forget, inboxes, put
from node.outbox.sending import send

__all__ = [
    "SHOWN",
    "Sending",
    "due",
    "followers",
    "forget",
    "inboxes",
    "oldest_due",
    "purge",
    "put",
    "send",
]
