"""What the program says, gathered into its catalogues: `make messages`.

Translations that are there stay; messages that nobody says any more go.
"""

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from node import language
from tests.house.reading import ROOT

TEMPLATE = "messages.pot"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
_NOT_OURS = re.compile(r"/(\..*|tests|build|docs|data)(/|$)")


def extracted(root: Path = ROOT) -> Catalog:
    """Return a catalogue of every message in code and templates, with its places."""
    with (root / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        str(root),
        method_map=methods,
        options_map=options,
        keywords=KEYWORDS,
        directory_filter=lambda folder: (
            not _NOT_OURS.search(folder.removeprefix(str(root)))
        ),
    )
    catalog = Catalog()
    for place, _, message, comments, context in sorted(found, key=lambda row: row[:2]):
        catalog.add(
            message, locations=[(place, 0)], auto_comments=comments, context=context
        )
    return catalog


def write(folder: Path = language.SHIPPED) -> None:
    """Bring the template and every language of a folder up to date."""
    found = [message for message in extracted() if message.id]
    for path in (folder / TEMPLATE, *sorted(folder.glob("*.po"))):
        raw = path.read_bytes()
        known = read_po(BytesIO(raw))
        fresh = Catalog(locale=known.locale)
        for message in found:
            told = known.get(message.id, message.context)
            fresh[message.id] = message.clone()
            if told:
                fresh[message.id].string = told.string
        told_before, _, _ = raw.partition(b"\n\n")
        with path.open("wb") as file:
            file.write(told_before + b"\n\n")
            write_po(file, fresh, omit_header=True, include_lineno=False)


if __name__ == "__main__":
    write()
