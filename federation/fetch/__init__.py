"""The one door out: every request of ours to another node passes this guard.

A connection goes only to an address that was checked, within fixed time and size, and
only the right type from the right origin is believed. What fails is `Unfetched`.
"""

from federation.fetch.addresses import Place, allowed
from federation.fetch.documents import document
from federation.fetch.guard import Answer, Fetched, Guard, Network, Sign
from federation.fetch.media import Kind
from federation.fetch.wire import Pace

__all__ = [
    "Answer",
    "Fetched",
    "Guard",
    "Kind",
    "Network",
    "Pace",
    "Place",
    "Sign",
    "allowed",
    "document",
]
