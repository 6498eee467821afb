"""The index of words on a server: a schema of its own, left out of every dump."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from node.core import Node
from node.search import shapes
from node.search.words import is_beginning

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS derived;
CREATE TABLE IF NOT EXISTS derived.place (id int PRIMARY KEY, epoch int, idx int8);
CREATE TABLE IF NOT EXISTS derived.doc
(id bigserial PRIMARY KEY, case_id uuid UNIQUE, words tsvector);
CREATE INDEX IF NOT EXISTS ix_doc_words ON derived.doc USING gin (words)
"""
_PUT = text(
    "INSERT INTO derived.doc (case_id, words) VALUES (:case_id, "
    "setweight(to_tsvector('simple', :title), 'A') || "
    "setweight(to_tsvector('simple', :words), 'B')) "
    "ON CONFLICT (case_id) DO UPDATE SET words = excluded.words"
)
_PLACED = text(
    "INSERT INTO derived.place VALUES (1, :epoch, :idx) "
    "ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, idx = excluded.idx"
)
#: Reads back from the newest case, so it is quick for words that many cases hold.
_BACK = text(
    "SELECT case_id, words @@ to_tsquery('simple', :titled) FROM (SELECT id, case_id, "
    "words FROM derived.doc ORDER BY id DESC LIMIT :among) AS newest "
    "WHERE words @@ to_tsquery('simple', :query) AND case_id <> ALL(:without) "
    "ORDER BY id DESC LIMIT :limit"
)
#: Asks the index of words, which has to find all hits: the sum keeps it from the other.
_ALL = text(
    "SELECT case_id, words @@ to_tsquery('simple', :titled) FROM derived.doc "
    "WHERE words @@ to_tsquery('simple', :query) AND case_id <> ALL(:without) "
    "ORDER BY id + 0 DESC LIMIT :limit"
)
#: How often words stand together the server cannot know, and guesses wrong by seconds.
#: So many of the newest cases tell; where at least one of fifty holds all the words,
#: reading on costs less than all hits would.
_SAMPLE, _OFTEN = 2_000, 40
_FURTHER = 50 * _SAMPLE


class PostgresIndex:
    """Tables in the schema `derived`. Whoever drops it loses time and nothing else."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def _make(self, connection: Connection) -> None:
        for statement in _SCHEMA.split(";"):
            connection.execute(text(statement))

    def place(self) -> shapes.Place:
        """Return how far it has read; the beginning when it is new."""
        with self._node.read() as tx:
            if tx.scalar(text("SELECT to_regclass('derived.doc')")) is None:
                return shapes.Place()
            row = tx.execute(text("SELECT epoch, idx FROM derived.place")).one_or_none()
        return shapes.Place(*row) if row else shapes.Place()

    def put(self, entries: Sequence[shapes.Entry], place: shapes.Place) -> None:
        """Keep the words of some cases, in the place of what was there."""
        with self._node.begin(durable=False) as tx:
            self._make(tx.connection())
            if entries:
                tx.execute(_PUT, [_row(entry) for entry in entries])
            tx.execute(_PLACED, {"epoch": place.epoch, "idx": place.idx})

    def forget(self, ids: Collection[UUID]) -> None:
        """Let go of the words of some cases; the next scrub overwrites them."""
        with self._node.begin() as tx:
            self._make(tx.connection())
            gone = text("DELETE FROM derived.doc WHERE case_id = ANY(:ids)")
            tx.execute(gone, {"ids": list(ids)})

    def newest(
        self, words: Sequence[str], limit: int, without: Collection[UUID] = ()
    ) -> list[shapes.Hit]:
        """Return the newest cases that hold all these words, but for some."""
        asked: dict[str, Any] = {
            "query": " & ".join(_term(word, "") for word in words),
            "titled": " & ".join(_term(word, "A") for word in words),
            "limit": limit,
            "without": list(without),
        }
        with self._node.read() as tx:
            if tx.scalar(text("SELECT to_regclass('derived.doc')")) is None:
                return []
            rows = tx.execute(_BACK, {**asked, "among": _SAMPLE}).all()
            if _OFTEN <= len(rows) < limit:
                rows = tx.execute(_BACK, {**asked, "among": _FURTHER}).all()
            if len(rows) < limit:
                rows = tx.execute(_ALL, asked).all()
        return [shapes.Hit(case_id, in_title) for case_id, in_title in rows]

    def clear(self) -> None:
        """Let go of everything."""
        with self._node.begin() as tx:
            tx.execute(text("DROP SCHEMA IF EXISTS derived CASCADE"))


def _row(entry: shapes.Entry) -> dict[str, object]:
    return {"case_id": entry.case_id, "title": entry.title, "words": entry.words}


def _term(word: str, weight: str) -> str:
    how = ("*" if is_beginning(word) else "") + weight
    return f"'{word}':{how}" if how else f"'{word}'"
