"""The index of words on either engine: what stands in it, and where it got to."""

from collections.abc import Collection, Sequence
from typing import Protocol
from uuid import UUID

from node.core import Node
from node.search.postgres import PostgresIndex
from node.search.shapes import Entry, Hit, Place
from node.search.sqlite import SqliteIndex


class Index(Protocol):
    """What both engines offer. Words are folded by `node.search.words`."""

    def place(self) -> Place:
        """Return how far it has read; the beginning when it is new."""

    def put(self, entries: Sequence[Entry], place: Place) -> None:
        """Keep the words of some cases, in the place of what was there."""

    def forget(self, ids: Collection[UUID]) -> None:
        """Let go of the words of some cases, so that no page keeps them."""

    def newest(
        self, words: Sequence[str], limit: int, without: Collection[UUID] = ()
    ) -> list[Hit]:
        """Return the newest cases that hold all these words, but for some."""

    def clear(self) -> None:
        """Let go of everything."""


def index_of(node: Node) -> Index:
    """Return the index of a node."""
    if node.settings.database_url:
        return PostgresIndex(node)
    return SqliteIndex(node.settings.data / "derived")
