"""How alike two people look, from what they told us; never who they are.

A figure only puts a name on a list: whether two are one person, people decide.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from unicodedata import combining, normalize

#: The design's defaults: no preset names these yet.
LIKELY, POSSIBLE = 0.85, 0.6
#: What a name alone can show at most: many people share one.
_NAME_ALONE = 0.8
_BY_LETTERS, _BY_SOUND = 0.6, 0.4
_NAME, _YEAR, _AREA = 0.7, 0.2, 0.1
_GROUP = 3
#: Letters written in two ways for one sound, before anything else is looked at.
_SPELLINGS = (
    ("sch", "s"), ("tch", "k"), ("ph", "f"), ("ck", "k"), ("ch", "k"), ("sh", "s"),
    ("th", "t"), ("gh", ""), ("ß", "s"), ("ij", "i"),
)  # fmt: skip
#: Letters that people mistake for each other by ear. What is not here stays.
_SOUNDS = str.maketrans(
    {
        letter: sound
        for sound, letters in {
            "0": "aeiouyh", "p": "bp", "f": "fvw", "k": "cgjkqx", "t": "dt",
            "l": "l", "n": "mn", "r": "r", "s": "sz",
        }.items()
        for letter in letters
    }
)  # fmt: skip


class Likeness(StrEnum):
    """How alike two people look."""

    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody that others can share; None where it is not."""

    name: str
    birth_year: int | None = None
    area: str | None = None


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared, in any order alike."""
    plain = (it for it in normalize("NFKD", name.casefold()) if not combining(it))
    kept = "".join(it if it.isalnum() else " " for it in plain)
    return tuple(sorted(set(kept.split())))


def sounds(name: str) -> frozenset[str]:
    """Return how the words of a name sound, roughly; one sign for one sound."""
    return frozenset(_sound(word) for word in words(name))


def _sound(word: str) -> str:
    for written, spoken in _SPELLINGS:
        word = word.replace(written, spoken)
    heard = word.translate(_SOUNDS)
    once = "".join(sign for sign, _ in groupby(heard))
    # Vowels tell where a word begins, and nothing more.
    return once[:1] + once[1:].replace("0", "")


def name_likeness(one: str, other: str) -> float:
    """Say from 0 to 1 how alike two names are, by letters and by ear."""
    letters = _shared(_trigrams(one), _trigrams(other))
    return _BY_LETTERS * letters + _BY_SOUND * _shared(sounds(one), sounds(other))


def _trigrams(name: str) -> frozenset[str]:
    padded = (f"  {word} " for word in words(name))
    return frozenset(
        word[at : at + _GROUP]
        for word in padded
        for at in range(len(word) - _GROUP + 1)
    )


def _shared(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0


def likeness(one: Known, other: Known) -> float:
    """Say from 0 to 1 how alike two people look. Without a name nobody looks alike."""
    if not words(one.name) or not words(other.name):
        return 0.0
    facts = list(_facts(one, other))
    name = name_likeness(one.name, other.name)
    weight = _NAME + sum(weight for weight, _ in facts)
    agreed = sum(weight for weight, same in facts if same)
    found = (_NAME * name + agreed) / weight
    return found if agreed else min(found, _NAME_ALONE)


def _facts(one: Known, other: Known) -> Iterable[tuple[float, bool]]:
    pairs = (
        (_YEAR, one.birth_year, other.birth_year),
        (_AREA, one.area, other.area),
    )
    for weight, mine, theirs in pairs:
        if mine is not None and theirs is not None:
            yield weight, mine == theirs


def band(figure: float) -> Likeness | None:
    """Return what a figure says in a word; None where there is nothing to look at."""
    if figure >= LIKELY:
        return Likeness.LIKELY
    return Likeness.POSSIBLE if figure >= POSSIBLE else None
