"""Reading the members of our own JSON objects.

A member has exactly the type, size and spelling that its format says, or the object is
refused under the code of that format.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.encoding import Json, unb64u
from ledger.errors import Invalid


@dataclass(frozen=True, slots=True)
class Shape:
    """An object whose members are asked for one by one."""

    given: Mapping[str, Json]
    code: str

    def require(self, type_: str, names: frozenset[str]) -> None:
        """Refuse another type, and members that are missing or unknown."""
        if self.given.get("t") != type_:
            raise Invalid(self.code, f"This is not a {type_}.")
        if self.given.keys() != names:
            wrong = ", ".join(sorted(self.given.keys() ^ names))
            raise Invalid(self.code, f"Members are missing or unknown: {wrong}.")

    def text(self, name: str) -> str:
        """Return a member that is a text."""
        value = self.given.get(name)
        if not isinstance(value, str):
            raise Invalid(self.code, f"The member {name} is not a text.")
        return value

    def number(self, name: str) -> int:
        """Return a member that is a whole number, not negative."""
        value = self.given.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Invalid(self.code, f"The member {name} is not a number.")
        return value

    def raw(self, name: str, size: int | None = None) -> bytes:
        """Return a member that is base64url."""
        return self._decoded(self.text(name), size)

    def _decoded(self, text: str, size: int | None) -> bytes:
        try:
            return unb64u(text, size)
        except Invalid as error:
            raise Invalid(self.code, error.text) from error

    def maybe(self, name: str, size: int) -> bytes | None:
        """Return a member that is base64url or null."""
        return None if self.given.get(name) is None else self.raw(name, size)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a member that lists texts."""
        value = self.given.get(name)
        if not isinstance(value, list):
            raise Invalid(self.code, f"The member {name} is not a list.")
        texts = [one for one in value if isinstance(one, str)]
        if len(texts) != len(value):
            raise Invalid(self.code, f"The member {name} does not list texts.")
        return tuple(texts)

    def hashes(self, name: str, size: int) -> tuple[bytes, ...]:
        """Return a member that lists base64url texts, in ASCII order, none twice."""
        texts = self.texts(name)
        if list(texts) != sorted(set(texts)):
            raise Invalid(self.code, f"The member {name} is not sorted.")
        return tuple([self._decoded(text, size) for text in texts])

    def objects(self, name: str) -> list["Shape"]:
        """Return a member that lists objects."""
        value = self.given.get(name)
        if not isinstance(value, list):
            raise Invalid(self.code, f"The member {name} is not a list.")
        return [Shape({name: one}, self.code).inner(name) for one in value]

    def inner(self, name: str) -> "Shape":
        """Return a member that is an object."""
        value = self.given.get(name)
        if not isinstance(value, dict):
            raise Invalid(self.code, f"The member {name} is not an object.")
        return Shape(value, self.code)
