"""What leaves for other nodes: written with its cause, sent in order, never in one."""

from node.outbox.couriers import due, oldest_due
from node.outbox.parking import give_up, may_give_up, retry, stop
from node.outbox.purging import SHOWN, purge
from node.outbox.putting import Sending, acquainted, followers, forget, inboxes, put
from node.outbox.sending import send
from node.outbox.settling import heard

__all__ = [
    "SHOWN",
    "Sending",
    "acquainted",
    "due",
    "followers",
    "forget",
    "give_up",
    "heard",
    "inboxes",
    "may_give_up",
    "oldest_due",
    "purge",
    "put",
    "retry",
    "send",
    "stop",
]
