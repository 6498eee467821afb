"""A moment as people type it: by the clock of their community, unless they name one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from node import asking
from web import current


def typed_moment(typed: str, field: str = "when") -> datetime:
    """Return a moment that somebody typed, or refuse it."""
    return asking.moment(typed, here(), field)


def here() -> ZoneInfo:
    """Return the community's clock."""
    return ZoneInfo(current.community().zone)
