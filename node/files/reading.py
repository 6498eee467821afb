"""Opening a file of a case, for somebody who was found to be allowed to."""

from uuid import UUID

from node import vault
from node.core import Node
from node.errors import ExportFailed, Unready
from node.files import sealing, store
from node.files.keeping import bytes_place


def raw(node: Node, file_id: UUID, key: bytes) -> bytes:
    """Return a file's bytes. Never inside a transaction: the store may be far away."""
    try:
        sealed = store.of(node).get(store.path(file_id))
    except ExportFailed as error:
        raise Unready("files cannot be read just now") from error
    if sealed is None:
        raise vault.Damaged("the bytes of a file are gone from the store")
    return sealing.unseal(key, bytes_place(file_id), sealed)
