"""Which code acts on which type of activity: one for each, and never two.

The list of types is what this node promises to others.
"""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

H = TypeVar("H", bound=Callable[..., object])


class Inbox(Generic[H]):
    """The handlers of a node, by the type they act on."""

    def __init__(self) -> None:
        self._handlers: dict[str, H] = {}

    def on(self, type_: str) -> Callable[[H], H]:
        """Make a function the handler of a type; a second one is refused."""

        def add(handler: H) -> H:
            if type_ in self._handlers:
                raise ValueError(f"{type_} has a handler already.")
            self._handlers[type_] = handler
            return handler

        return add

    def handler(self, type_: str) -> H | None:
        """Return the handler of a type; what has none is counted and ignored."""
        return self._handlers.get(type_)

    def types(self) -> tuple[str, ...]:
        """Return every type that is acted on."""
        return tuple(sorted(self._handlers))

    def __iter__(self) -> Iterator[str]:
        """Give every type that is acted on."""
        return iter(self.types())
