"""A folder that any static host can serve: each file appears whole, or not at all."""

import os
from pathlib import Path

from node.durable import flush_folder
from node.errors import ExportFailed


class Folder:
    """Keeps files under their paths; what `put` returned from is on disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def get(self, path: str) -> bytes | None:
        """Return a file, or None."""
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _failed(path, error) from error

    def put(self, path: str, data: bytes) -> None:
        """Keep a file: written beside its place, flushed, and only then put there."""
        at = self._root / path
        fresh = at.with_name(f".{at.name}.new")
        try:
            _make(at.parent)
            with fresh.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(at)
            flush_folder(at.parent)
        except OSError as error:
            raise _failed(path, error) from error

    def drop(self, path: str) -> None:
        """Let go of a file. Safe to call twice."""
        at = self._root / path
        try:
            at.unlink(missing_ok=True)
            if at.parent.is_dir():
                flush_folder(at.parent)
        except OSError as error:
            raise _failed(path, error) from error


def _make(folder: Path) -> None:
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        flush_folder(folder.parent)


def _failed(path: str, error: OSError) -> ExportFailed:
    return ExportFailed(f"{path} could not be written or read: {error.strerror}.")
