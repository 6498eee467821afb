"""Replies that leave at a moment: written now, asked again then whether they may go."""

from node.later.leaving import JOB, give_up, send
from node.later.planning import Waiting, cancel, change, schedule, waiting

__all__ = [
    "JOB",
    "Waiting",
    "cancel",
    "change",
    "give_up",
    "schedule",
    "send",
    "waiting",
]
