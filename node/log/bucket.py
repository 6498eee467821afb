"""A bucket of S3, or of anything that speaks like it.

The credentials are those that Amazon's tools find: environment, profile, or role.
"""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs, urlsplit

from node.core import outside
from node.errors import BadSetting, ExportFailed

SCHEME = "s3"
_TILES = "tile/"
_FOR_EVER = ("application/octet-stream", "public, max-age=31536000, immutable")
_SOON = "public, max-age=5"
#: What only opens with a key of ours: nobody keeps a copy on the way.
SEALED = ".sealed"
_NEVER = ("application/octet-stream", "private, no-store")
#: What a file is, by its ending; those without one are notes and the like.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
}
_TEXT = "text/plain; charset=utf-8"
#: No file of ours is larger.
_MOST = 16 * 1024 * 1024
_MISSING = {"NoSuchKey", "404"}
_ASKED = ("endpoint", "region")


class Bucket:
    """Keeps files as objects under their paths, each with its type and its caching."""

    def __init__(self, url: str) -> None:
        self._bucket, self._prefix, asked = read(url)
        self._client, self._errors = _connect(**asked)

    def get(self, path: str) -> bytes | None:
        """Return the beginning of an object, as long as a file may be; or None."""
        outside()
        key = self._prefix + path
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key)
            raw: bytes = found["Body"].read(_MOST)
        except self._errors as error:
            if _code(error) in _MISSING:
                return None
            raise _failed(error) from error
        return raw

    def put(self, path: str, data: bytes) -> None:
        """Keep an object; of those that never change, caches may keep a copy."""
        outside()
        kind, kept = _kept(path)
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._prefix + path,
                Body=data,
                ContentType=kind,
                CacheControl=kept,
            )
        except self._errors as error:
            raise _failed(error) from error

    def drop(self, path: str) -> None:
        """Let go of an object. Safe to call twice."""
        outside()
        try:
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + path)
        except self._errors as error:
            raise _failed(error) from error


def _kept(path: str) -> tuple[str, str]:
    if path.endswith(SEALED):
        return _NEVER
    return _FOR_EVER if _TILES in path else (_type(path), _SOON)


def _type(path: str) -> str:
    return _TYPES.get(PurePosixPath(path).suffix, _TEXT)


def read(url: str) -> tuple[str, str, dict[str, str | None]]:
    """Return bucket, prefix, and how to connect, of an address `s3://...`."""
    try:
        parts = urlsplit(url)
        asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError as error:
        raise BadSetting("This is not the address of a bucket.") from error
    if not parts.netloc or "@" in parts.netloc or asked.keys() - {*_ASKED}:
        raise BadSetting(
            "A bucket is s3://name/prefix?endpoint=https://...&region=... and no keys."
        )
    prefix = parts.path.strip("/")
    connect = {name: asked.get(name, [None])[-1] for name in _ASKED}
    return parts.netloc, f"{prefix}/" if prefix else "", connect


def _connect(
    endpoint: str | None, region: str | None
) -> tuple[Any, tuple[type[Exception], ...]]:
    try:
        # An extra: it takes a third of a second to load, and few nodes have it.
        import boto3  # noqa: PLC0415 - as said
        from botocore.config import Config  # noqa: PLC0415 - as said
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    except ImportError as error:
        raise BadSetting("A bucket needs `pip install folkmoot[s3]`.") from error
    config = Config(
        connect_timeout=5,
        read_timeout=20,
        retries={"max_attempts": 2, "mode": "standard"},
        # Not everything that speaks like S3 knows its newer checksums and host names.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if endpoint else "auto"},
    )
    client = boto3.client(
        SCHEME, endpoint_url=endpoint, region_name=region, config=config
    )
    return client, (BotoCoreError, ClientError)


def _code(error: Exception) -> str:
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", type(error).__name__))


def _failed(error: Exception) -> ExportFailed:
    # Its text may hold addresses and keys; its code does not.
    return ExportFailed(f"The bucket could not be written or read: {_code(error)}.")
