"""Files that wait for their words, as a form of several steps remembers them."""

import json
from collections.abc import Iterable
from uuid import UUID

from governance.files import Media
from node.files.keeping import Kept


def packed(kept: Iterable[Kept]) -> str:
    """Return files that wait as one text. It holds their keys."""
    rows = [
        [
            str(one.id),
            one.name,
            one.media.value,
            one.size,
            one.digest.hex(),
            one.key.hex(),
        ]
        for one in kept
    ]
    return json.dumps(rows)


def unpacked(text: str) -> tuple[Kept, ...]:
    """Return the files in a text of ours; none in an empty one."""
    rows = json.loads(text or "[]")
    return tuple(
        Kept(
            UUID(file_id),
            name,
            Media(media),
            size,
            bytes.fromhex(digest),
            bytes.fromhex(key),
        )
        for file_id, name, media, size, digest, key in rows
    )
