"""Replies that leave at a moment: written now, asked again then whether they may go."""

from node.later.leaving import JOB, give_up, send
from node.later.planning import Waiting, cancel, change, schedule, waiting
from node.later.statements import agree, ask

__all__ = [
    "JOB",
    "Waiting",
    "agree",
    "ask",
    "cancel",
    "change",
    "give_up",
    "schedule",
    "send",
    "waiting",
]
