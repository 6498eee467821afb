"""The node's key files, and what is derived from them.

Keys live in files of their own, apart from the database and its dumps: a folder
only its owner may enter, files only its owner may read. Nothing here prints a key.
"""

import hmac
import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from node.durable import flush_folder

SIZE = 32
#: The files a node has: the root secret, three signing keys and the first wrap key.
NAMES = ("root", "log", "statements", "witness", "wrap-1")
_FIRST = 1
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


class KeysUnsafe(Exception):  # noqa: N818 - an answer for the operator
    """The key folder is missing, incomplete or open to others; the text says how."""


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of one node, read once."""

    root: bytes = field(repr=False)
    #: Those that sign the log, by number: `log.key` is the first, `log-2.key` follows.
    logs: dict[int, Ed25519PrivateKey] = field(repr=False)
    statements: Ed25519PrivateKey = field(repr=False)
    witness: Ed25519PrivateKey = field(repr=False)
    #: Keys that wrap content keys, by epoch: the others' are read once and never
    #: change, of these some come and go.
    wrap: dict[int, bytes] = field(repr=False)
    #: Where they come from; None where there is nothing to look at.
    folder: Path | None = field(default=None, repr=False)

    @property
    def epoch(self) -> int:
        """The epoch new content keys are wrapped under."""
        return max(self.epochs())

    def epochs(self) -> set[int]:
        """Return the epochs whose keys are there."""
        self._look()
        return set(self.wrap)

    def wrapping(self, epoch: int) -> bytes | None:
        """Return the key of one epoch; None once it was destroyed."""
        if epoch not in self.wrap:
            self._look()
        return self.wrap.get(epoch)

    def _look(self) -> None:
        # Another process may have begun an epoch, or ended one.
        if self.folder is None:
            return
        there = {
            _number(self.folder, name.removesuffix(".key")): self.folder / name
            for name in os.listdir(self.folder)  # noqa: PTH208 - often, and in a hurry
            if name.startswith("wrap-") and name.endswith(".key")
        }
        for epoch in there.keys() - self.wrap.keys():
            self.wrap[epoch] = _secret(there[epoch])
        for epoch in self.wrap.keys() - there.keys():
            del self.wrap[epoch]

    @property
    def log(self) -> Ed25519PrivateKey:
        """The first key of the log; raises `KeysUnsafe` once its file is gone."""
        if _FIRST not in self.logs:
            raise KeysUnsafe("The first key of the log, log.key, is gone.")
        return self.logs[_FIRST]

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
        _begin(folder / f"{name}.key", dice(SIZE))
    flush_folder(folder)


def _begin(path: Path, secret: bytes) -> None:
    # Somebody else may be at it, too: one that is there stays.
    with suppress(FileExistsError):
        if not path.exists():
            _write(path, secret)


def _write(path: Path, secret: bytes) -> None:
    # Whole before it has its name: another process reads all of it, or nothing.
    handle, part = mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        os.write(handle, secret)
        os.fsync(handle)
        os.link(part, path)
    finally:
        os.close(handle)
        Path(part).unlink()


def read(folder: Path) -> Keys:
    """Read all keys; refuse a folder or file that others could read."""
    if not folder.is_dir():
        raise KeysUnsafe(f"{folder} does not exist. `folkmoot init` makes it.")
    _check(folder, _FOLDER_MODE)
    files = {path.stem: _secret(path) for path in sorted(folder.glob("*.key"))}
    wraps, logs = _numbered(folder, files, "wrap"), _numbered(folder, files, "log")
    if "log" in files:
        logs[_FIRST] = files["log"]
    given = {*files, *(["log"] if logs else []), *(["wrap-1"] if wraps else [])}
    absent = ", ".join(name for name in NAMES if name not in given)
    if absent:
        raise KeysUnsafe(f"{folder} lacks {absent}. Restore the folder from its copy.")
    signing = {
        name: Ed25519PrivateKey.from_private_bytes(files[name])
        for name in ("statements", "witness")
    }
    private = Ed25519PrivateKey.from_private_bytes
    numbered = {number: private(secret) for number, secret in logs.items()}
    return Keys(files["root"], numbered, **signing, wrap=wraps, folder=folder)


def begin_epoch(folder: Path, epoch: int, secret: bytes) -> None:
    """Put down the key of a new epoch; one that is there already stays."""
    _begin(folder / f"wrap-{epoch}.key", secret)
    flush_folder(folder)


def end_epoch(folder: Path, epoch: int) -> None:
    """Destroy the key of an epoch, and by that every old copy of what it wrapped."""
    path = folder / f"wrap-{epoch}.key"
    if path.exists():
        path.write_bytes(bytes(SIZE))
        path.unlink()
        flush_folder(folder)


def _numbered(folder: Path, files: Mapping[str, bytes], kind: str) -> dict[int, bytes]:
    named = [name for name in files if name.startswith(f"{kind}-")]
    return {_number(folder, name): files[name] for name in named}


def _number(folder: Path, name: str) -> int:
    kind, _, number = name.partition("-")
    if not (number.isascii() and number.isdecimal()):
        raise KeysUnsafe(
            f"{folder / name}.key has no number: {kind}-2.key, for example."
        )
    return int(number)


def log_file(folder: Path, number: int) -> Path:
    """Return where the key of the log with a number is."""
    return folder / ("log.key" if number == _FIRST else f"log-{number}.key")


def add_log(folder: Path, dice: Callable[[int], bytes]) -> Ed25519PrivateKey:
    """Make one more key for the log, in a file of its own, and return it.

    Also where no key of the log is left.
    """
    secret = dice(SIZE)
    while True:
        taken = [_number(folder, path.stem) for path in folder.glob("log-*.key")]
        try:
            _write(log_file(folder, max([_FIRST, *taken]) + 1), secret)
        except FileExistsError:
            continue  # another process was quicker: the next number is free
        flush_folder(folder)
        return Ed25519PrivateKey.from_private_bytes(secret)


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
