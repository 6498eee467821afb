r"""Where people are led to: never out of the house.

Browsers read `//host`, `/\\host` and stray control characters as other sites; what is
not plainly a path of ours is replaced.
"""

import re

_LOCAL = re.compile(r"/(?:[A-Za-z0-9._~-][A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?")
_HIDDEN = re.compile("%(?:2f|5c|0|1|7f)", re.IGNORECASE)


def local(given: str, *, otherwise: str = "") -> str:
    """Return a path that somebody brought along, if it leads nowhere else."""
    whole = _LOCAL.fullmatch(given) and "//" not in given and "/." not in given
    return given if whole and not _HIDDEN.search(given) else otherwise
