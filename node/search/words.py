"""Words as the index has them: folded alike when they are kept and when searched for.

What comes out holds letters and digits only, so that nobody can write a query in the
language of an engine.
"""

import re
import unicodedata
from collections.abc import Iterator

#: So many words of one case are kept, and of one search looked for.
MOST_KEPT, MOST_ASKED = 20_000, 12
#: From so many letters on, the beginning of a word finds it.
BEGINNING = 3
_LONGEST = 40
_WORD = re.compile(r"[^\W_]+")
#: Scripts that put no space between words: each sign is looked for by itself.
_SOLID = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def words(text: str) -> Iterator[str]:
    """Yield the words of a text, folded, in order."""
    if text.isascii():
        # Nothing in it is more than one sign: the same, and much sooner.
        yield from (found[0][:_LONGEST] for found in _WORD.finditer(text.lower()))
        return
    # Apart, small, and apart again: a fancy capital is a plain one only then.
    small = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFKD", small)
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    for found in _WORD.finditer(_SOLID.sub(r" \g<0> ", plain)):
        yield found[0][:_LONGEST]


def kept(text: str) -> str:
    """Return what the index keeps of a text."""
    found = []
    for number, word in enumerate(words(text)):
        if number == MOST_KEPT:
            break
        found.append(word)
    return " ".join(found)


def asked(text: str) -> tuple[str, ...]:
    """Return the words somebody looks for, each once."""
    found: dict[str, None] = {}
    for word in words(text):
        found.setdefault(word)
        if len(found) == MOST_ASKED:
            break
    return tuple(found)


def is_beginning(word: str) -> bool:
    """Say whether a word also finds those that begin with it."""
    return len(word) >= BEGINNING
