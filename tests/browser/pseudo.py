"""Languages that nobody speaks, to see whether pages would hold.

`en_XA` has accents and is 40 % longer; `ar_XB` runs from right to left. Named values
stay as they are.
"""

import re
import shutil
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from node import language

_ACCENTED = str.maketrans("aeiouyncAEIOUYNC", "áéíóúýñçÁÉÍÓÚÝÑÇ")
_NAMED = re.compile(r"(%\(\w+\)s|%%)")
_MIRRORED = ("\u202e", "\u202c")
PLURALS = {"en_XA": 2, "ar_XB": 6}


def build(folder: Path) -> Path:
    """Write both pseudo-languages beside the shipped ones, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in language.SHIPPED.glob("*.po"):
        shutil.copy(path, folder / path.name)
    with (language.SHIPPED / "messages.pot").open("rb") as file:
        template = read_po(file)
    for name, speak in (("en_XA", longer), ("ar_XB", mirrored)):
        catalogue = Catalog(locale=name.partition("_")[0])
        for message in template:
            if message.id:
                catalogue[message.id] = _spoken(message, speak, PLURALS[name])
        with (folder / f"{name}.po").open("wb") as file:
            write_po(file, catalogue)
    return folder


def _spoken(message, speak, forms):
    if isinstance(message.id, tuple):
        one, many = message.id
        said = (speak(one), *[speak(many)] * (forms - 1))
        return Message(message.id, said, context=message.context)
    return Message(message.id, speak(message.id), context=message.context)


def longer(text: str) -> str:
    """Return a text with accents, 40 % longer."""
    parts = [
        part if _NAMED.fullmatch(part) else part.translate(_ACCENTED)
        for part in _NAMED.split(text)
    ]
    return "".join(parts) + " " + "~" * max(1, len(text) * 2 // 5)


def mirrored(text: str) -> str:
    """Return a text that is drawn from right to left."""
    begin, end = _MIRRORED
    return "".join(
        part if _NAMED.fullmatch(part) or not part.strip() else f"{begin}{part}{end}"
        for part in _NAMED.split(text)
    )
