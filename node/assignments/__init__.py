"""Who works on what: the desk, the queue, and offers of cases."""

from node.assignments.automatic import DRAW, draw, offer_queued
from node.assignments.candidates import Colleague
from node.assignments.desk import Desk, colleagues, desk
from node.assignments.offers import (
    accept,
    assign,
    decline,
    take,
    take_next,
    take_up,
)
from node.assignments.shelf import Place

__all__ = [
    "DRAW",
    "Colleague",
    "Desk",
    "Place",
    "accept",
    "assign",
    "colleagues",
    "decline",
    "desk",
    "draw",
    "offer_queued",
    "take",
    "take_next",
    "take_up",
]
