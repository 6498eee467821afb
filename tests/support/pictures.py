"""Pictures as cameras make them, and files that are not what they seem."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

from node.files import Upload

#: What a camera writes into a photo, where it must never come out again.
PLACE = b"N 51.5074 W 0.1278 canary"
_GPS, _LATITUDE, _DEVICE = 0x8825, 2, 0x0110
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF canary\n"


def photo(size: tuple[int, int] = (40, 20), *, turned: bool = False) -> bytes:
    """Return a photo with the place where it was taken, and a comment."""
    picture = Image.new("RGB", size, (200, 20, 20))
    exif = Image.Exif()
    exif[_DEVICE] = PLACE.decode()
    exif.get_ifd(_GPS)[_LATITUDE] = (51.0, 30.0, 26.0)
    if turned:
        exif[0x0112] = 6
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=PLACE)
    return out.getvalue()


def drawing(kind: str, mode: str = "RGBA") -> bytes:
    """Return a small picture of a kind, with words hidden in it where it can."""
    picture = Image.new(mode, (8, 6))
    out = BytesIO()
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 - for this kind only

        hidden = PngInfo()
        hidden.add_text("Comment", PLACE.decode())
        picture.save(out, kind, pnginfo=hidden)
    else:
        picture.save(out, kind)
    return out.getvalue()


def huge(width: int, height: int) -> bytes:
    """Return a small PNG that says it has many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 100_000)
    chunks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def bomb() -> bytes:
    """Return a small archive of which an office program would unpack gigabytes."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"word/{number}.xml", b"\0" * 1_000_000)
    return out.getvalue()


def upload(raw: bytes = PDF, name: str = "letter.pdf", declared: str = "") -> Upload:
    """Return a file as a form sends it."""
    return Upload(name, declared, raw)
