"""Sealing a whole file: pieces of one mebibyte, none of them moved, cut off or added.

A file is `02`, seven random bytes, and the pieces. Each piece is sealed with its
number and with whether it is the last one.
"""

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from node.core import Node
from node.vault import Damaged, Place

_VERSION = b"\x02"
_PREFIX = 7
PIECE = 1024 * 1024
_TAG = 16


def seal(node: Node, key: bytes, place: Place, data: bytes) -> bytes:
    """Return the sealed form of a file."""
    prefix, sealing = node.dice(_PREFIX), AESGCM(key)
    pieces = [
        sealing.encrypt(nonce, piece, place.bound())
        for nonce, piece in _numbered(prefix, data, PIECE)
    ]
    return b"".join((_VERSION, prefix, *pieces))


def unseal(key: bytes, place: Place, sealed: bytes) -> bytes:
    """Return a file; raise `Damaged` if it is not what was kept, byte for byte."""
    version, body = sealed[:1], sealed[1 + _PREFIX :]
    if version != _VERSION:
        raise Damaged("a file is sealed in an unknown way")
    prefix, opening = sealed[1 : 1 + _PREFIX], AESGCM(key)
    try:
        return b"".join(
            opening.decrypt(nonce, piece, place.bound())
            for nonce, piece in _numbered(prefix, body, PIECE + _TAG)
        )
    except (InvalidTag, ValueError) as error:
        raise Damaged("a file does not open") from error


def _numbered(prefix: bytes, data: bytes, size: int) -> Iterator[tuple[bytes, bytes]]:
    starts = range(0, max(len(data), 1), size)
    for number, start in enumerate(starts):
        last = start + size >= len(data)
        nonce = prefix + number.to_bytes(4) + bytes([last])
        yield nonce, data[start : start + size]
