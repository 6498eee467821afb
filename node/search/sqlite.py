"""The index of words beside SQLite: one file of its own, with FTS5."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from uuid import UUID

from node.errors import Collision, Unready
from node.search import shapes
from node.search.words import is_beginning

_PATIENCE = 5.0
#: Of more words that begin alike the engine joins the hits before it gives any.
_FEW_WORDS = 32
#: Beginnings of so many letters, which many words share, have an index of their own.
_SHORT = frozenset({3, 4})
#: What is derived is not migrated: an index of another form is made again.
_FORM = 2
_SCHEMA = (
    "DROP TABLE IF EXISTS place",
    "DROP TABLE IF EXISTS doc",
    "DROP TABLE IF EXISTS word",
    "CREATE TABLE place (id INTEGER PRIMARY KEY, epoch INT, idx INT)",
    "CREATE TABLE doc (id INTEGER PRIMARY KEY, case_id BLOB UNIQUE)",
    """CREATE VIRTUAL TABLE word
    USING fts5(title, words, tokenize = 'unicode61', prefix = '3 4')""",
    f"PRAGMA user_version = {_FORM}",
)
_TERMS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.term USING fts5vocab(main, word, instance)"
)


class SqliteIndex:
    """One file in the data folder. Whoever deletes it loses time and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "search.sqlite3"

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self._path, timeout=_PATIENCE)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA synchronous = OFF")
                _require_form(connection)
                with connection:
                    yield connection
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Collision("somebody else writes the index of words") from error
            raise Unready("the index of words gives no answer") from error
        except sqlite3.DatabaseError as error:
            # A power cut may have spoiled it. What is derived is made again.
            self.clear()
            raise Collision("the index of words is made again") from error

    def place(self) -> shapes.Place:
        """Return how far it has read; the beginning when it is new."""
        with self._open() as connection:
            row = connection.execute("SELECT epoch, idx FROM place").fetchone()
        return shapes.Place(*row) if row else shapes.Place()

    def put(self, entries: Sequence[shapes.Entry], place: shapes.Place) -> None:
        """Keep the words of some cases, in the place of what was there."""
        with self._open() as connection:
            for entry in entries:
                id_ = _number(connection, entry.case_id)
                connection.execute("DELETE FROM word WHERE rowid = ?", (id_,))
                connection.execute(
                    "INSERT INTO word (rowid, title, words) VALUES (?, ?, ?)",
                    (id_, entry.title, entry.words),
                )
            connection.execute(
                "INSERT OR REPLACE INTO place VALUES (1, ?, ?)",
                (place.epoch, place.idx),
            )

    def forget(self, ids: Collection[UUID]) -> None:
        """Let go of the words of some cases, so that no page keeps them."""
        with self._open() as connection:
            for case_id in ids:
                id_ = _number(connection, case_id)
                connection.execute("DELETE FROM word WHERE rowid = ?", (id_,))
            # Before that, older parts of the index still hold what is gone.
            connection.execute("INSERT INTO word (word) VALUES ('optimize')")
        with closing(sqlite3.connect(self._path, timeout=_PATIENCE)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def newest(
        self, words: Sequence[str], limit: int, without: Collection[UUID] = ()
    ) -> list[shapes.Hit]:
        """Return the newest cases that hold all these words, but for some."""
        found = (
            "SELECT doc.case_id, word.rowid FROM word JOIN doc ON doc.id = word.rowid "
            "WHERE word MATCH ? AND hex(doc.case_id) NOT IN "
            "(SELECT value FROM json_each(?)) ORDER BY word.rowid DESC LIMIT ?"
        )
        titles = "SELECT rowid FROM word WHERE word MATCH ? AND rowid >= ?"
        with self._open() as connection:
            query = " AND ".join(_term(connection, word) for word in words)
            hidden = json.dumps([id_.hex.upper() for id_ in without])
            rows = connection.execute(found, (query, hidden, limit)).fetchall()
            oldest = rows[-1][1] if rows else 0
            asked = (f"{{title}} : ({query})", oldest)
            named = {id_ for (id_,) in connection.execute(titles, asked)}
        return [shapes.Hit(UUID(bytes=raw), id_ in named) for raw, id_ in rows]

    def clear(self) -> None:
        """Let go of everything."""
        for name in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + name).unlink(missing_ok=True)


def _require_form(connection: sqlite3.Connection) -> None:
    if _form(connection) == _FORM:
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        # Somebody else may have made it while this waited.
        if _form(connection) != _FORM:
            for step in _SCHEMA:
                connection.execute(step)


def _form(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _term(connection: sqlite3.Connection, word: str) -> str:
    """Return how the engine is asked for a word.

    Hits of whole words, and of beginnings that have an index, it gives one by one, the
    newest first; those of another beginning it gathers all before. So that is spelled
    out where few words have it.
    """
    if not is_beginning(word):
        return f'"{word}"'
    if len(word) in _SHORT:
        return f'"{word}"*'
    known = _beginning_with(connection, word)
    spelled = [f'"{one}"' for one in islice(known, _FEW_WORDS + 1)]
    if not 0 < len(spelled) <= _FEW_WORDS:
        return f'"{word}"*'
    return f"({' OR '.join(spelled)})"


def _beginning_with(connection: sqlite3.Connection, word: str) -> Iterator[str]:
    connection.execute(_TERMS)
    first = "SELECT term FROM term WHERE term >= ? LIMIT 1"
    row = connection.execute(first, (word,)).fetchone()
    while row is not None and row[0].startswith(word):
        yield row[0]
        # A space comes before every letter: what follows is the next word.
        row = connection.execute(first, (f"{row[0]} ",)).fetchone()


def _number(connection: sqlite3.Connection, case_id: UUID) -> int:
    # Numbers grow with arrival, so that the newest have the highest.
    connection.execute(
        "INSERT OR IGNORE INTO doc (case_id) VALUES (?)", (case_id.bytes,)
    )
    row = connection.execute("SELECT id FROM doc WHERE case_id = ?", (case_id.bytes,))
    return int(row.fetchone()[0])
