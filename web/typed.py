"""A moment as people type it: by the clock of their community, unless they name one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from governance.errors import ChoiceInvalid
from governance.later import local_moment
from web import current


def typed_moment(typed: str, field: str = "when") -> datetime:
    """Return a moment that somebody typed, or refuse it."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError as error:
        raise ChoiceInvalid("Choose a day and a time.", field=field) from error
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    return local_moment(found, here())


def here() -> ZoneInfo:
    """Return the community's clock."""
    return ZoneInfo(current.community().zone)
