"""When somebody at the desk is away, who stands in, and when they can be asked."""

from node.absences.beginning import BEGIN, begin
from node.absences.hours import Work, save, work
from node.absences.saying import call_off, mine, say
from node.absences.shapes import Asked, Away, Mine

__all__ = [
    "BEGIN",
    "Asked",
    "Away",
    "Mine",
    "Work",
    "begin",
    "call_off",
    "mine",
    "save",
    "say",
    "work",
]
