"""What kind of answer is asked for, and whether an answer is of that kind.

The type decides before anything is parsed: a server that lets strangers upload files
serves them under other types, so a file is never taken for a document.
"""

import re
from enum import Enum

_AS2 = "https://www.w3.org/ns/activitystreams"
_LINKED = "application/ld+json"


class Kind(Enum):
    """What is fetched. Each has the types that are read as that."""

    ACTIVITY = ("application/activity+json",)
    WEBFINGER = ("application/jrd+json", "application/json")
    NODEINFO = ("application/json",)
    #: What a node says of its log's keys: JSON too.
    KEYS = NODEINFO
    #: A signed note, such as a log's checkpoint.
    NOTE = ("text/plain",)
    #: A log's tile.
    TILE = ("application/octet-stream",)

    @property
    def most(self) -> int:
        """The most bytes that are read: a bundle may have 256 leaves of 8 KiB."""
        return 2_098_176 if self is Kind.TILE else 1024 * 1024

    @property
    def accept(self) -> str:
        """What to ask for."""
        linked = [f'{_LINKED}; profile="{_AS2}"'] if self is Kind.ACTIVITY else []
        return ", ".join([*self.value, *linked])


_LONGEST = 512
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"  # RFC 9110, token
_QUOTED = r'"(?:[^"\\]|\\.)*+"'
# Possessive, or blanks between empty parameters could be shared out in many ways.
_PARAMETER = rf"[ \t]*+;[ \t]*+(?:({_WORD})=({_WORD}|{_QUOTED}))?+"
_PARAMETERS = re.compile(_PARAMETER)
_TYPE = re.compile(rf"({_WORD}/{_WORD})((?:{_PARAMETER})*+)[ \t]*+")


def fits(content_type: str, kind: Kind) -> bool:
    """Say whether an answer of this type is read as what was asked for."""
    if len(content_type) > _LONGEST:
        return False
    found = _TYPE.fullmatch(content_type.strip(" \t"))
    if found is None:
        return False
    media = found[1].lower()
    if kind is Kind.ACTIVITY and media == _LINKED:
        return _AS2 in _profiles(found[2])
    return media in kind.value


def _profiles(parameters: str) -> list[str]:
    return [
        profile
        for name, value in _PARAMETERS.findall(parameters)
        if name.lower() == "profile"
        for profile in value.strip('"').split()
    ]
