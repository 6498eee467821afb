"""Who works on what: the desk, the queue, and offers of cases."""

from node.assignments.automatic import DRAW, draw, expire, offer_queued
from node.assignments.candidates import Colleague
from node.assignments.desk import Desk, colleagues, desk
from node.assignments.offering import EXPIRE
from node.assignments.offers import (
    accept,
    assign,
    decline,
    take,
    take_next,
    take_up,
)

__all__ = [
    "DRAW",
    "EXPIRE",
    "Colleague",
    "Desk",
    "accept",
    "assign",
    "colleagues",
    "decline",
    "desk",
    "draw",
    "expire",
    "offer_queued",
    "take",
    "take_next",
    "take_up",
]
