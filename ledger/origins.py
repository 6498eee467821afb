"""The names of a host's logs: `<host>/ledger`, and `<host>/ledger/2` after its end."""

import re

from ledger.errors import Invalid

_ORIGIN = re.compile(r"([^/]+/ledger)(?:/([2-9]|[1-9][0-9]{1,5}))?")


def split(origin: str) -> tuple[str, int]:
    """Return the name of a host's first log, and the epoch that this log is of."""
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        raise Invalid("origin", "This is not the name of a node's log.")
    return found[1], int(found[2] or 1)


def following(origin: str) -> str:
    """Return the name of the log that begins when this one has ended."""
    first, epoch = split(origin)
    return f"{first}/{epoch + 1}"


def related(origin: str, other: str) -> bool:
    """Say whether two names are of logs of one host."""
    if origin == other:
        return True
    try:
        return split(origin)[0] == split(other)[0]
    except Invalid:
        return False
