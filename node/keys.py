"""The node's key files, and what is derived from them.

Keys live in files of their own, apart from the database and its dumps: a folder
only its owner may enter, files only its owner may read. Nothing here prints a key.
"""

import hmac
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SIZE = 32
#: The files a node has: the root secret, three signing keys and the first wrap key.
NAMES = ("root", "log", "statements", "witness", "wrap-1")
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


class KeysUnsafe(Exception):  # noqa: N818 - an answer for the operator
    """The key folder is missing, incomplete or open to others; the text says how."""


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of one node, read once."""

    root: bytes = field(repr=False)
    log: Ed25519PrivateKey = field(repr=False)
    statements: Ed25519PrivateKey = field(repr=False)
    witness: Ed25519PrivateKey = field(repr=False)
    #: Keys that wrap content keys, by epoch.
    wrap: dict[int, bytes] = field(repr=False)

    @property
    def epoch(self) -> int:
        """The epoch new content keys are wrapped under."""
        return max(self.wrap)

    def sub(self, purpose: str, epoch: int = 1) -> bytes:
        """Return the key of one purpose, derived from the root secret."""
        return _derive(self.root, f"folkmoot/sub/{purpose}/{epoch}")

    def mac(self, purpose: str, message: bytes) -> bytes:
        """Return HMAC-SHA-256 of a message under the key of one purpose."""
        return hmac.digest(self.sub(purpose), message, "sha256")

    def daily(self, purpose: str, message: bytes, *, at: datetime) -> bytes:
        """Return a pseudonym that nobody can carry over to another day."""
        return self.mac(f"{purpose}-{at:%Y-%m-%d}", message)


@lru_cache(maxsize=256)
def _derive(root: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), SIZE, salt=None, info=purpose.encode()).derive(root)


def create(folder: Path, dice: Callable[[int], bytes]) -> None:
    """Make a node's keys, once. Never overwrites a file that is there."""
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    folder.chmod(_FOLDER_MODE)
    for name in NAMES:
        path = folder / f"{name}.key"
        if not path.exists():
            _write(path, dice(SIZE))
    _sync(folder)


def _write(path: Path, secret: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    try:
        os.write(handle, secret)
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(folder: Path) -> Keys:
    """Read all keys; refuse a folder or file that others could read."""
    if not folder.is_dir():
        raise KeysUnsafe(f"{folder} does not exist. `folkmoot init` makes it.")
    _check(folder, _FOLDER_MODE)
    files = {path.stem: _secret(path) for path in sorted(folder.glob("*.key"))}
    missing = [name for name in NAMES[:-1] if name not in files]
    wraps = {
        _epoch(folder, name): secret
        for name, secret in files.items()
        if name.startswith("wrap-")
    }
    if missing or not wraps:
        absent = ", ".join([*missing, *([] if wraps else ["wrap-1"])])
        raise KeysUnsafe(f"{folder} lacks {absent}. Restore the folder from its copy.")
    signing = {
        name: Ed25519PrivateKey.from_private_bytes(files[name])
        for name in ("log", "statements", "witness")
    }
    return Keys(files["root"], **signing, wrap=wraps)


def _epoch(folder: Path, name: str) -> int:
    number = name.removeprefix("wrap-")
    if not (number.isascii() and number.isdecimal()):
        raise KeysUnsafe(f"{folder / name}.key has no number: wrap-1.key, for example.")
    return int(number)


def _secret(path: Path) -> bytes:
    _check(path, _FILE_MODE)
    secret = path.read_bytes()
    if len(secret) != SIZE:
        raise KeysUnsafe(f"{path} does not hold a key of {SIZE} bytes.")
    return secret


def _check(path: Path, allowed: int) -> None:
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & ~allowed:
        raise KeysUnsafe(f"{path} is open to others. Run: chmod {allowed:o} {path}")
    if found.st_uid != os.getuid():
        raise KeysUnsafe(f"{path} belongs to another user of this machine.")


def digest(secret: bytes) -> bytes:
    """Return what is stored of a secret that somebody else holds."""
    return sha256(secret).digest()
