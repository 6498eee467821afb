"""Pictures, drawn anew: only what is seen stays, and no place, device or hidden part.

The size is read before anything is decoded, and one picture is decoded at a time.
"""

from io import BytesIO
from threading import Lock
from typing import Any, cast

from governance.errors import FileDamaged, FilePixels, Refusal
from governance.files import Media, check_pixels, check_size
from node.core import Node

#: The longer side of what is kept; a page of print can be read at that.
LONGEST = 4096
_QUALITY = 85
_FORMATS = {
    Media.JPEG: "JPEG",
    Media.PNG: "PNG",
    Media.WEBP: "WEBP",
    Media.GIF: "GIF",
}
_MEMORY = "files.pictures"


def redraw(node: Node, raw: bytes, media: Media) -> tuple[bytes, Media]:
    """Return a picture drawn anew, and what it is now."""
    turn = cast("Lock", node.memory.setdefault(_MEMORY, Lock()))
    with turn:
        drawn, now = _redrawn(raw, media)
    check_size(len(drawn))
    return drawn, now


def _redrawn(raw: bytes, media: Media) -> tuple[bytes, Media]:
    # It takes a tenth of a second to load, and most requests bring no picture.
    from PIL import Image  # noqa: PLC0415 - as said

    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(raw), formats=[_FORMATS[media]]) as picture:
            check_pixels(media, *picture.size)
            return _clean(picture, media)
    except Refusal:
        raise
    except bombs as error:
        raise FilePixels("This picture has too many pixels.") from error
    except Exception as error:  # a decoder stumbles in every way there is
        raise FileDamaged("This picture cannot be read to its end.") from error


def _clean(picture: Any, media: Media) -> tuple[bytes, Media]:
    from PIL import Image, ImageOps  # noqa: PLC0415 - as above

    # A JPEG is decoded at a fraction of its size where that is enough.
    picture.draft("RGB", (LONGEST, LONGEST))
    picture.seek(0)
    upright = ImageOps.exif_transpose(picture)
    clear = bool(upright.has_transparency_data)
    drawn = upright.convert("RGBA" if clear else "RGB")
    drawn.thumbnail((LONGEST, LONGEST))
    # What stood beside the dots does not come along into a new picture.
    fresh = Image.new(drawn.mode, drawn.size)
    fresh.paste(drawn)
    out = BytesIO()
    if clear or media in {Media.PNG, Media.GIF}:
        fresh.save(out, "PNG")
        return out.getvalue(), Media.PNG
    fresh.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), Media.JPEG
