"""A short title for a case, made of the member's own words.

It only ever leaves words out at the end; it never changes, adds or sums up any.
"""

import re

HEADLINE_LIMIT = 70

_SENTENCE_END = re.compile(r"[.!?。！？…]+(?=\s|$)")  # noqa: RUF001 - people write these
_ELLIPSIS = "…"


def headline(text: str) -> str:
    """Return the first sentence of the words, cut at a word when it is long."""
    sentence = _first_sentence(" ".join(_first_line(text).split()))
    if len(sentence) <= HEADLINE_LIMIT:
        return sentence.rstrip(".") or _ELLIPSIS
    cut = sentence[:HEADLINE_LIMIT]
    whole_words = cut.rpartition(" ")[0] or cut[:-1]
    return whole_words.rstrip(" ,;:-") + _ELLIPSIS


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _first_sentence(line: str) -> str:
    # One word is no sentence yet: "Mr." and "Hello!" say nothing.
    ends = (match.end() for match in _SENTENCE_END.finditer(line))
    return next((line[:end] for end in ends if " " in line[:end]), line)
