"""Reading answers: named tables, known names, and a sentence for each mistake.

A name nobody knows is refused with the nearest one, so that a typing mistake is never
a silent default.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from governance.errors import Invalid, Refusal

Reader = Callable[[str], str]
Readers = Mapping[str, Reader]


def named(raw: object, known: tuple[str, ...], where: str) -> Mapping[str, object]:
    """Return a table, or refuse what is none, or holds a name that is not known."""
    if not isinstance(raw, Mapping):
        raise Invalid(f"{where}: names and values belong here.")
    for name in raw:
        if name not in known:
            near = " or ".join(get_close_matches(str(name), known)) or ", ".join(known)
            raise Invalid(f"{where}: nothing is called {name!s:.40}. Known: {near}.")
    return raw


def table(
    raw: object, where: str, readers: Readers, *, needed: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the texts in a table as their readers understand them."""
    given = named(raw, tuple(readers), where)
    for key in needed:
        if not str(given.get(key, "")).strip():
            raise Invalid(f"{where}.{key} is needed.")
    return {key: _value(f"{where}.{key}", readers[key], given[key]) for key in given}


def _value(where: str, read: Reader, value: object) -> str:
    if not isinstance(value, str):
        raise Invalid(f"{where}: write this as text, in quotes.")
    try:
        return read(value.strip())
    except Refusal as no:
        raise Invalid(f"{where}: {no.reason}") from no


def rows(top: Mapping[str, object], name: str) -> Iterator[tuple[str, object]]:
    """Return the tables of a repeated name, each with where it stands."""
    given = top.get(name, [])
    if not isinstance(given, list):
        raise Invalid(f"{name}: begin each one with [[{name}]].")
    for number, row in enumerate(given, start=1):
        yield f"{name}.{number}", row
