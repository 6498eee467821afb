"""Short words on a case, by which the desk finds it again."""

from collections.abc import Iterable
from typing import Final

from governance.errors import ChoiceInvalid

#: So many a case has at most, and so many signs the longest of them.
MOST, LONGEST = 10, 40
#: Between tags that are typed on one line.
BETWEEN: Final = ","


def check(typed: Iterable[str]) -> tuple[str, ...]:
    """Return tags on one line each and each once, in their order; refuse what is none.

    Two that differ by capitals alone are one.
    """
    found: dict[str, str] = {}
    for one in typed:
        kept = " ".join(one.split())
        if not kept:
            continue
        if len(kept) > LONGEST or BETWEEN in kept or not kept.isprintable():
            problem = f"A tag is a word or a few, of at most {LONGEST} signs."
            raise ChoiceInvalid(problem, field="tags")
        found.setdefault(kept.casefold(), kept)
    if len(found) > MOST:
        raise ChoiceInvalid(f"A case has at most {MOST} tags.", field="tags")
    return tuple(found.values())


def split(line: str) -> tuple[str, ...]:
    """Return tags that were typed on one line, with commas between."""
    return check(line.split(BETWEEN))
