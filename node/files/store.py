"""Where the sealed bytes are: one folder, or one bucket of the operator's own."""

from pathlib import Path
from typing import Protocol, cast
from uuid import UUID

from node.core import Node
from node.log.bucket import SCHEME, SEALED, Bucket
from node.log.folder import Folder

_MEMORY = "files.store"


class Store(Protocol):
    """What is needed of either; each raises `ExportFailed` if it could not be done."""

    def get(self, path: str) -> bytes | None:
        """Return what stands under a path, or None."""

    def put(self, path: str, data: bytes) -> None:
        """Keep something whole, or not at all."""

    def drop(self, path: str) -> None:
        """Let go of it. Safe to call twice."""


def of(node: Node) -> Store:
    """Return where a node keeps its files."""
    found = node.memory.get(_MEMORY)
    if found is None:
        found = node.memory.setdefault(_MEMORY, _open(node))
    return cast("Store", found)


def _open(node: Node) -> Store:
    where = node.settings.files
    if where.startswith(f"{SCHEME}://"):
        return Bucket(where)
    return Folder(Path(where) if where else node.settings.data / "files")


def path(file_id: UUID) -> str:
    """Return under which name the bytes of a file stand; it says nothing about it."""
    return f"{file_id.hex[:2]}/{file_id.hex}{SEALED}"
