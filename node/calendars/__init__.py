"""The days on which the desk stays closed, as a file of another program tells them."""

from node.calendars.keeping import ClosedDay, Read, Taken, closed_days, take

__all__ = ["ClosedDay", "Read", "Taken", "closed_days", "take"]
