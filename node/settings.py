"""Every setting, read once at the start.

What only the operator can know is a setting; what members may decide is a rule.
A name nobody knows stops the start, so that a typing mistake is never a surprise.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, urlsplit

from node.errors import BadSetting, UnknownSetting

__all__ = ["BadSetting", "Settings", "UnknownSetting"]
PREFIX = "FOLKMOOT_"
_PLACEHOLDERS = {"changeme", "change-me", "secret", "password", "example", "xxx"}
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator decided. The defaults need nothing else to be installed."""

    #: The node's folder: database, keys, files, guard.
    data: Path = Path("folkmoot-data")
    #: The origin of every address the node hands out.
    public_url: str = "http://localhost:8000"
    #: Further names the node answers to, separated by commas.
    extra_hosts: tuple[str, ...] = ()
    #: The address of a proxy whose forwarded headers are believed.
    trusted_proxy: str = ""
    #: Where the key files are; empty means `keys` in the data folder.
    keys: str = ""
    #: Empty means SQLite in the data folder; else `postgresql://...`.
    database_url: str = ""
    #: Empty means the worker inside the process; else `redis://...` or `amqp://...`.
    broker_url: str = ""
    #: Whether `serve` also works off jobs and publishes the ledger.
    embedded: bool = True
    #: host:port of peers that may be plain http, any port, any address. Rigs only.
    federation_insecure_hosts: tuple[str, ...] = ()
    #: Whether other nodes must sign even to read what is public.
    federation_signed_get: bool = False
    #: A file of one more certificate authority that peers' certificates may have.
    ca_file: str = ""
    #: The relay mail leaves by: `smtp://user:word@host:port`, or `smtps://`.
    smtp_url: str = ""
    #: The address mail comes from; empty means `folkmoot@` the node's host.
    mail_from: str = ""
    #: Seconds between two publications of the ledger.
    ledger_interval: int = 60
    #: The published size is a multiple of this; 1 turns cover leaves off, and 0 lets
    #: the number of members say.
    ledger_cover: int = 0
    #: How many recovery keys must sign, and which there are: `2,KEY,KEY,KEY`. `init`
    #: writes them into the log's first entry; afterwards nothing changes them.
    ledger_recovery: tuple[str, ...] = ()
    #: Where the published log is put as files: empty, a folder, or `s3://...`.
    ledger_export: str = ""
    #: Where files beside words are kept, sealed: empty means `files` in the data
    #: folder; else a folder, or `s3://...`.
    files: str = ""
    #: How many MiB of entries are kept of each log that is cosigned; 0 keeps none.
    ledger_mirror: int = 1024
    #: A folder on another disk that gets the erasure journal as well.
    journal_copy: str = ""
    #: `system`, or in tests `fixed:<RFC 3339>`.
    clock: str = "system"

    @classmethod
    def read(cls, source: Mapping[str, str]) -> Self:
        """Read the environment, and `folkmoot.toml` in the data folder below it."""
        given = _named(source)
        folder = Path(given.get("data", str(cls.__dataclass_fields__["data"].default)))
        merged = {**_from_file(folder / "folkmoot.toml"), **given}
        known = {field.name: field.type for field in fields(cls)}
        settings = cls(data=folder)
        for name, text in merged.items():
            # The fields' own types say how each is read, which no checker can follow.
            object.__setattr__(settings, name, _convert(name, known[name], text))
        settings.check()
        return settings

    def check(self) -> None:
        """Raise `BadSetting` for values that could not work."""
        parts = _parts("FOLKMOOT_PUBLIC_URL", self.public_url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise BadSetting(
                "FOLKMOOT_PUBLIC_URL must be http:// or https:// and a name."
            )
        if parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise BadSetting(
                "FOLKMOOT_PUBLIC_URL is an origin: no path behind the name."
            )
        if self.ledger_interval < 1 or self.ledger_cover < 0:
            raise BadSetting(
                "FOLKMOOT_LEDGER_INTERVAL is at least 1, FOLKMOOT_LEDGER_COVER 0."
            )
        if self.ledger_mirror < 0:
            raise BadSetting("FOLKMOOT_LEDGER_MIRROR is a number of MiB, or 0.")
        if self.ledger_export and not self.ledger_export.startswith(("/", "s3://")):
            raise BadSetting("FOLKMOOT_LEDGER_EXPORT begins with / or with s3://.")
        if self.files and not self.files.startswith(("/", "s3://")):
            raise BadSetting("FOLKMOOT_FILES begins with / or with s3://.")
        for name in ("database_url", "broker_url", "smtp_url"):
            named = PREFIX + name.upper()
            password = _parts(named, getattr(self, name)).password or ""
            if password.lower() in _PLACEHOLDERS:
                raise BadSetting(f"{named} still holds a placeholder for its word.")

    @property
    def origin(self) -> str:
        """The public URL without a last slash."""
        return self.public_url.rstrip("/")

    @property
    def hostname(self) -> str:
        """The public name alone, in lower case."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def port(self) -> int:
        """The public port."""
        parts = urlsplit(self.public_url)
        return parts.port or _DEFAULT_PORTS[parts.scheme]

    @property
    def host(self) -> str:
        """The public name with its port, as a Host header says it."""
        return urlsplit(self.origin).netloc.lower()

    @property
    def secure(self) -> bool:
        """Whether people reach the node over https."""
        return self.public_url.startswith("https://")

    @property
    def loopback(self) -> bool:
        """Whether the public name is this machine only."""
        return self.hostname in _LOOPBACK

    @property
    def keys_folder(self) -> Path:
        """Where the key files are."""
        return Path(self.keys) if self.keys else self.data / "keys"


def _named(source: Mapping[str, str]) -> dict[str, str]:
    """Return the settings in an environment, by field name."""
    known = {PREFIX + field.name.upper(): field.name for field in fields(Settings)}
    given: dict[str, str] = {}
    for name in sorted(name for name in source if name.startswith(PREFIX)):
        base = name.removesuffix("_FILE") if name not in known else name
        if base not in known:
            # Compared without what all of them begin with: else all would be near.
            close = get_close_matches(base.removeprefix(PREFIX).lower(), known.values())
            near = " or ".join(PREFIX + one.upper() for one in close)
            raise UnknownSetting(
                f"There is no setting {name}. See {near or 'docs/settings.md'}."
            )
        text = source[name]
        given[known[base]] = _contents(name, text) if base != name else text
    return given


def _parts(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - asking is what refuses a number that is none
    except ValueError as error:
        raise BadSetting(f"{name} is not an address.") from error
    return parts


def _contents(name: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{name} names a file that cannot be read.") from error


def _from_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} is not TOML: {error}") from error
    known = [field.name for field in fields(Settings)]
    for name in table:
        if name not in known or name == "data":
            near = " or ".join(get_close_matches(name, known)) or "docs/settings.md"
            raise UnknownSetting(f"{path}: there is no setting {name}. See {near}.")
    return {
        name: ",".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in table.items()
    }


def _flag(text: str) -> bool:
    return {"1": True, "true": True, "0": False, "false": False}[text.lower()]


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_READERS: dict[object, Callable[[str], object]] = {
    bool: _flag,
    int: int,
    str: str,
    Path: Path,
    tuple[str, ...]: _names,
}


def _convert(name: str, kind: object, text: str) -> object:
    try:
        return _READERS[kind](text)
    except (KeyError, ValueError) as error:
        raise BadSetting(f"{PREFIX}{name.upper()} cannot be {text!r}.") from error
