"""What a message is probably about, by words the community chose.

Only the words of the message are looked at: never whose they are, nor what it is worth.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from governance.cases import Kind
from governance.errors import ChoiceInvalid

#: So many words a rule has at most, and so many signs the longest of them.
MOST, LONGEST = 50, 60
#: At the end of a word: its beginning is enough.
_ANY_END: Final = "*"
_WORD: Final = re.compile(r"[^\W_]+")
#: Scripts that put no space between words: each sign is a word.
_SOLID: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_APART: Final = r" \g<0> "


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that suggest a topic and a kind; each change of them is a new version."""

    topic: str
    kind: Kind
    version: int
    words: tuple[str, ...]
    #: Whether it sorts by itself what nothing speaks against.
    alone: bool = False
    #: Words by which a message could be urgent: a person reads it.
    urgent: tuple[str, ...] = ()
    #: Who asked that it does, while nobody else has agreed.
    asked_by: UUID | None = None

    @property
    def name(self) -> str:
        """Return its id and version, as an event names it."""
        return f"{self.topic}.{self.kind}/{self.version}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a rule suggests, and by which of its words."""

    rule: str
    topic: str
    kind: Kind
    words: tuple[str, ...]


def check(typed: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a rule, each once; refuse what no message could hold."""
    found: dict[str, str] = {}
    for one in typed:
        kept = " ".join(one.split())
        if not kept:
            continue
        folded = _fold(kept)
        if not folded.strip() or len(kept) > LONGEST:
            problem = f"Each is a word or a few, of at most {LONGEST} signs."
            raise ChoiceInvalid(problem, field="words")
        found.setdefault(_sought(kept), kept)
    if len(found) > MOST:
        raise ChoiceInvalid(f"Keep at most {MOST} words.", field="words")
    return tuple(found.values())


def suggest(text: str, rules: Iterable[Rule]) -> Suggestion | None:
    """Return what most words of one rule suggest; nothing where two suggest alike."""
    found = sorted(matching(text, rules), key=lambda one: -len(one.words))
    if not found or [len(one.words) for one in found[1:2]] == [len(found[0].words)]:
        return None
    return found[0]


def matching(text: str, rules: Iterable[Rule]) -> list[Suggestion]:
    """Return what every rule suggests that has a word of a message."""
    return [
        Suggestion(rule.name, rule.topic, rule.kind, found)
        for rule in rules
        if (found := hits(text, rule.words))
    ]


def hits(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return which of some words a message has."""
    folded = _fold(text)
    return tuple(one for one in words if _sought(one) in folded)


def _fold(text: str) -> str:
    """Return the words of a text, small and without marks, a space on either side."""
    small = unicodedata.normalize("NFKD", text).casefold()
    parts = unicodedata.normalize("NFKD", small)
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return f" {' '.join(_WORD.findall(_SOLID.sub(_APART, plain)))} "


def _sought(word: str) -> str:
    folded = _fold(word)
    return folded.rstrip() if word.endswith(_ANY_END) else folded
