"""The verifier for people as one file, to keep and to open without a network.

It has the page's own scripts and styles in it, and a policy that lets it load nothing
else and send nothing anywhere.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256

from web import assets

#: The scripts, each after those that it imports.
MODULES = (
    "bytes",
    "json",
    "keys",
    "note",
    "policy",
    "tree",
    "proof",
    "entry",
    "author",
    "curve",
    "rotation",
    "receipt",
    "head",
    "scan",
    "places",
    "thread",
    "fraud",
    "archive",
    "copy",
    "words",
    "receiptwords",
    "casewords",
    "fraudwords",
    "page",
)
_STYLES = ("tokens.css", "folkmoot.css")

_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
#: Fonts are files beside the style sheet; a file alone uses those of the device.
_FONT = re.compile(r"@font-face \{[^}]*\}\n*")
#: Where a page says that its style and its script shall stand.
_MARKS = ("<!-- style -->", "<!-- script -->")


@cache
def rule() -> str:
    """Return the policy that allows this script and this style, and no more."""
    return (
        f"default-src 'none'; script-src {_digest(script())}; "
        f"style-src {_digest(style())}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'"
    )


def as_one_file(page: str) -> str:
    """Return a page with style and script put in where its marks stand."""
    elements = (
        f"<style>{style()}</style>",
        f'<script type="module">{script()}</script>',
    )
    for mark, element in zip(_MARKS, elements, strict=True):
        page = page.replace(mark, element)
    return page


@cache
def script() -> str:
    """Return all parts as one module, which imports nothing."""
    parts = [_read(f"verify/{name}.js") for name in MODULES]
    return "\n".join([_EXPORT.sub("", _IMPORT.sub("", part)) for part in parts])


@cache
def style() -> str:
    """Return the style sheets of our pages, without fonts."""
    return "\n".join([_FONT.sub("", _read(name)) for name in _STYLES])


def _read(name: str) -> str:
    return (assets.FOLDER / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
