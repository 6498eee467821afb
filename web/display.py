"""How members' words are shown: exactly as written, and unable to do anything else.

Every text of a person is isolated from what stands around it. Signs that nobody
can see, or that turn text around, are shown by their number. Nothing is stored so.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Protocol, TypeVar

from markupsafe import Markup, escape

#: How many marks may sit on one letter before the rest is left out.
MARKS = 8

#: Controls but tab and line end; what turns text around; what has no width, but for
#: the joiners that Persian, Hindi and emoji are written with.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: Where combining marks are defined; beyond it there are only rare scripts.
_MARKS_UNTIL = 0x20000


def verbatim(text: str) -> Markup:
    """Return a member's words for a page, in their own direction."""
    return Markup('<bdi dir="auto">{}</bdi>').format(_signs(_calm(text)))


def short(text: str) -> Markup:
    """Return a name, or another short text of a person, on one line."""
    return Markup("<bdi>{}</bdi>").format(_signs(_calm(" ".join(text.split()))))


def plain(text: str) -> str:
    """Return a short text for where there is no markup, such as a page's title."""
    return _HIDDEN.sub(
        lambda found: f"U+{ord(found.group()):04X}", _calm(" ".join(text.split()))
    )


def first_name(name: str) -> str:
    """Return what somebody is called in a sentence: the first word of their name."""
    return name.split(maxsplit=1)[0] if name.split() else ""


def _calm(text: str) -> str:
    if text.isascii():
        return text
    return _towers().sub(lambda found: found.group()[:MARKS], text)


@cache
def _towers() -> re.Pattern[str]:
    marks = "".join(
        chr(code)
        for code in range(0x300, _MARKS_UNTIL)
        if unicodedata.category(chr(code)) in {"Mn", "Me"}
    )
    return re.compile(f"[{marks}]{{{MARKS + 1},}}")


def _signs(text: str) -> Markup:
    text = text.replace("\r\n", "\n")
    if _HIDDEN.search(text) is None:
        return escape(text)
    parts, end = [], 0
    for found in _HIDDEN.finditer(text):
        parts += [escape(text[end : found.start()]), _sign(found.group())]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _sign(character: str) -> Markup:
    return Markup('<span class="sign">U+{}</span>').format(f"{ord(character):04X}")


class Entry(Protocol):
    """What folding looks at in an entry of a timeline."""

    @property
    def minor(self) -> bool:
        """Whether it only goes along with something else that is shown."""

    @property
    def machine(self) -> bool:
        """Whether the program wrote it, and no person."""

    @property
    def at(self) -> datetime:
        """When it happened."""


Line = TypeVar("Line", bound=Entry)


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that stand together: one of a person, or a day of small steps."""

    aside: bool
    at: datetime
    entries: tuple[Entry, ...]


def folded(entries: Iterable[Line]) -> Iterator[Group]:
    """Fold small steps and the program's, day by day; leave what people wrote."""
    for (aside, _day), group in groupby(entries, key=_together):
        lines = tuple(group)
        yield Group(aside, lines[0].at, lines)


def _together(entry: Entry) -> tuple[bool, object]:
    aside = entry.machine or entry.minor
    return aside, entry.at.date() if aside else None
