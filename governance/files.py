"""Which files stand beside words: few kinds, by what is in them and not by their name.

A kind that is not on the list is refused. So nothing that unpacks, runs or calls home
is ever kept: no archive, no office file, no page, no drawing with a script in it.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from governance.errors import (
    FileEmpty,
    FileKind,
    FileLies,
    FilePixels,
    FileTooLarge,
    FileTooMany,
)

_MEBIBYTE = 1024 * 1024
#: The bylaws say nothing of files yet; these are the design's own numbers.
LARGEST = 10 * _MEBIBYTE
MOST_AT_ONCE = 5
MOST_IN_A_CASE = 100
#: What one message brings along, all files together.
LARGEST_TOGETHER = 25 * _MEBIBYTE
#: What a telephone's camera makes fits; a JPEG is read at a fraction of its size.
MOST_PIXELS_JPEG = 40_000_000
MOST_PIXELS = 16_000_000
_LONGEST_NAME = 120
#: Names that some systems take for a device.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
)
#: Letters, digits, marks, punctuation, symbols and the plain space.
_SHOWN = re.compile(r"[LMNPS]|Zs")
_APART = frozenset('/\\:*?"<>|')


class Media(StrEnum):
    """What a file is."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    PDF = "application/pdf"
    TEXT = "text/plain"
    #: A message as it came (RFC 5322). No file that somebody chooses is one.
    MAIL = "message/rfc822"


PICTURES = frozenset({Media.JPEG, Media.PNG, Media.WEBP, Media.GIF})
#: How a name ends, and what such a file must then be.
_ENDINGS = {
    "jpg": PICTURES,
    "jpeg": PICTURES,
    "png": PICTURES,
    "webp": PICTURES,
    "gif": PICTURES,
    "pdf": frozenset({Media.PDF}),
    "txt": frozenset({Media.TEXT}),
}
_ENDING = {
    Media.JPEG: "jpg",
    Media.PNG: "png",
    Media.WEBP: "webp",
    Media.GIF: "gif",
    Media.PDF: "pdf",
    Media.TEXT: "txt",
    Media.MAIL: "eml",
}
#: What a browser says of a file it does not know.
_UNKNOWN = frozenset({"", "application/octet-stream"})
_BEGINS: dict[Media, Callable[[bytes], bool]] = {
    Media.JPEG: lambda raw: raw.startswith(b"\xff\xd8\xff"),
    Media.PNG: lambda raw: raw.startswith(b"\x89PNG\r\n\x1a\n"),
    Media.WEBP: lambda raw: raw[:4] == b"RIFF" and raw[8:12] == b"WEBP",
    Media.GIF: lambda raw: raw[:6] in {b"GIF87a", b"GIF89a"},
    Media.PDF: lambda raw: raw.startswith(b"%PDF-"),
}
#: Signs below the space that stand in plain text.
_IN_TEXT = frozenset("\t\n\r\f")
_DELETE = 0x7F


def sniff(raw: bytes) -> Media:
    """Return what a file is by its own bytes; refuse what is on no list."""
    for media, begins in _BEGINS.items():
        if begins(raw):
            return media
    if _is_text(raw):
        return Media.TEXT
    raise FileKind(
        "This kind of file is not kept here. Send a picture, a PDF or plain text."
    )


def _is_text(raw: bytes) -> bool:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return False
    return all(sign in _IN_TEXT or sign >= " " for sign in text) and (
        chr(_DELETE) not in text
    )


def check(raw: bytes, name: str, declared: str = "") -> Media:
    """Return what a file is, if it is small enough and what it says it is."""
    check_size(len(raw))
    ending = _ending_of(name)
    allowed = _ENDINGS.get(ending) if ending else frozenset(Media)
    if allowed is None:
        raise FileKind(f"Files that end in .{ending} are not kept here.")
    media = sniff(raw)
    said = declared.partition(";")[0].strip().lower()
    if media not in allowed or not _agrees(said, media):
        raise FileLies("This file is something else than it says it is.")
    return media


def _agrees(said: str, media: Media) -> bool:
    if said in _UNKNOWN or said == media:
        return True
    # Telephones take one kind of picture for another, which harms nobody.
    return said.startswith("image/") and said != "image/svg+xml" and media in PICTURES


def _ending_of(name: str) -> str:
    stem, dot, ending = name.strip().rpartition(".")
    known = dot and stem and ending.isascii() and ending.isalnum()
    return ending.lower() if known else ""


def check_size(size: int) -> None:
    """Refuse a file that is empty, or larger than what is kept."""
    if size == 0:
        raise FileEmpty("This file is empty.")
    if size > LARGEST:
        most = LARGEST // _MEBIBYTE
        raise FileTooLarge(f"A file here has at most {most} megabytes.", most=most)


def check_count(sizes: list[int], before: int = 0) -> None:
    """Refuse more files than fit with one message, or into one case."""
    if len(sizes) > MOST_AT_ONCE:
        raise FileTooMany(
            f"Send at most {MOST_AT_ONCE} files at once.", most=MOST_AT_ONCE
        )
    if sum(sizes) > LARGEST_TOGETHER:
        most = LARGEST_TOGETHER // _MEBIBYTE
        raise FileTooLarge(f"These files have more than {most} megabytes.", most=most)
    if sizes and before + len(sizes) > MOST_IN_A_CASE:
        raise FileTooMany(
            f"A case keeps at most {MOST_IN_A_CASE} files.", most=MOST_IN_A_CASE
        )


def check_pixels(media: Media, width: int, height: int) -> None:
    """Refuse a picture that would take too much room to open."""
    most = MOST_PIXELS_JPEG if media is Media.JPEG else MOST_PIXELS
    if width * height > most:
        raise FilePixels(
            f"A picture here has at most {most // 1_000_000} million pixels.",
            most=most,
        )


def safe_name(name: str, media: Media) -> str:
    """Return a name that means nothing to any file system, ending in what it is."""
    flat = unicodedata.normalize("NFC", name)
    shown = "".join(
        sign
        for sign in flat
        if sign not in _APART
        and (sign == " " or _SHOWN.match(unicodedata.category(sign)))
    )
    stem, _, ending = shown.rpartition(".")
    stem = stem if stem and ending.lower() in _ENDINGS else shown
    stem = stem.strip(" .-")[:_LONGEST_NAME].strip(" .-")
    if not stem or stem.partition(".")[0].lower() in _DEVICES:
        stem = "file"
    return f"{stem}.{_ENDING[media]}"
