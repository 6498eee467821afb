"""What stands beside the database and outlives it: proof that there was one."""

from pathlib import Path

from node.errors import DatabaseMissing
from node.settings import Settings

_JOURNAL = "erasures.jsonl"


def guard(settings: Settings) -> Path:
    """Return the file that remembers how far the log was signed."""
    return settings.data / "ledger.guard"


def journals(settings: Settings) -> list[Path]:
    """Return where the erasure journal is: in the data folder, and where a copy is."""
    copy = settings.journal_copy
    return [settings.data / _JOURNAL, *([Path(copy) / _JOURNAL] if copy else [])]


def require_none(settings: Settings) -> None:
    """Refuse to begin in a database that has nothing, where there was one before.

    A second log under the same keys would contradict the first for ever.
    """
    for path in (guard(settings), *journals(settings)):
        if path.exists():
            raise DatabaseMissing(
                f"database.missing: {path} is there, but the database is missing or"
                " empty: put it back from a backup. docs/running.md, After a lost"
                " disk, says how, and what to do if you want to begin anew."
            )
