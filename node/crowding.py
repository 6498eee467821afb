"""How many may do a thing at a time in one process; who comes on top is sent away."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from federation.errors import Rejected
from node.core import Node


@contextmanager
def one_of(node: Node, what: str, most: int, otherwise: Rejected) -> Iterator[None]:
    """Do a thing beside at most so many others; raises what is given otherwise."""
    few = node.memory.setdefault(what, BoundedSemaphore(most))
    if not isinstance(few, BoundedSemaphore) or not few.acquire(blocking=False):
        raise otherwise
    try:
        yield
    finally:
        few.release()
