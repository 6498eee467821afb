"""Pieces of one message that become cases of their own.

A piece is a place in the teller's own words, found there word for word: whoever splits
a message chooses where a matter begins and ends, and never what was said.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from governance.errors import ChoiceInvalid, Invalid

#: Of one message, so many cases are made at once. The presets name no number.
MOST: Final = 10
#: A line ends in one of three ways, and each is one end.
_SIGN = re.compile("\r\n|.", re.DOTALL)
_ENDS: Final = frozenset({"\r\n", "\r", "\n"})


class PieceMissing(Invalid):
    """A message was to be split, and no words of it were marked."""

    code = "invalid.piece-missing"


class PieceForeign(Invalid):
    """What was marked does not stand in the message, word for word and in one piece."""

    code = "invalid.piece-foreign"


class PieceKnown(Invalid):
    """What was marked is the whole message, or is a case of its own already."""

    code = "invalid.piece-known"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From where to where a piece goes, in characters of the whole message."""

    start: int
    end: int

    def of(self, story: str) -> str:
        """Return the words of a message that stand there."""
        return story[self.start : self.end]


def find(story: str, marked: str) -> Span:
    """Return where marked words first stand in a message, or refuse.

    Forms send the ends of lines in their own way; all else is compared as it is.
    """
    wanted = _plain(marked.strip())
    if not wanted:
        raise PieceMissing("Mark the words that are a matter of their own.")
    at = _plain(story).find(wanted)
    if at < 0:
        raise PieceForeign(
            "These words do not stand in the message like this. Copy them, word for "
            "word and in one piece."
        )
    places = [sign.start() for sign in _SIGN.finditer(story)] + [len(story)]
    return Span(places[at], places[at + len(wanted)])


def check(
    story: str, marked: Sequence[str], known: Collection[Span]
) -> tuple[Span, ...]:
    """Return where the pieces stand that become cases, or refuse to split.

    `known` are those of which there is a case already.
    """
    if not marked:
        raise PieceMissing("Mark the words that are a matter of their own.")
    if len(marked) > MOST:
        raise ChoiceInvalid(f"At most {MOST} pieces are split off at once.")
    taken, found = set(known), list[Span]()
    for words in marked:
        span = find(story, words)
        if span.of(story) == story.strip():
            raise PieceKnown("This is the whole message. Leave only the other matter.")
        if span in taken:
            raise PieceKnown("Of these words there is a case already.")
        taken.add(span)
        found.append(span)
    return tuple(found)


def _plain(text: str) -> str:
    signs = (sign[0] for sign in _SIGN.finditer(text))
    return "".join("\n" if sign in _ENDS else sign for sign in signs)
