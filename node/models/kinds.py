"""How the closed lists of `governance` are kept in a column."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

_LENGTH = 40


class _Word(TypeDecorator[StrEnum]):
    """A member of a closed list, kept as its own word and not as a type of the engine.

    A new member is then a release and no change of the table.
    """

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(_LENGTH)
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Return the word."""
        del dialect
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        """Return the member of the list."""
        del dialect
        return None if value is None else self.kind(value)


def word(kind: type[StrEnum]) -> TypeDecorator[Any]:
    """Return the column type for one closed list."""
    return _Word(kind)
