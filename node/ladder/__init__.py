"""When nobody answers: who is told when, and what the member is offered."""

from node.ladder.calling import call, call_urgent
from node.ladder.climbing import climb, look, warn
from node.ladder.member import ESCALATE, Stands, choose, escalate, stands
from node.ladder.reminders import remind
from node.ladder.rungs import STEP

__all__ = [
    "ESCALATE",
    "STEP",
    "Stands",
    "call",
    "call_urgent",
    "choose",
    "climb",
    "escalate",
    "look",
    "remind",
    "stands",
    "warn",
]
