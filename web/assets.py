"""Static files, under an address that changes with their content.

One hash over all of them stands in the address, so that style sheets and scripts
find each other by relative names, and a browser may keep them for ever.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response

from governance.errors import NotFound

FOLDER = Path(__file__).parent / "static"

#: What a file is, by its ending; what machines know of that differs.
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_FOR_EVER = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Serve the folder, under the address of its present content."""
    rule = "/static/<digest>/<path:name>"
    app.add_url_rule(rule, "static", _send, methods=["GET"])


def url(name: str) -> str:
    """Return the address of a static file; a name that is not there is a mistake."""
    if name not in _names():
        raise LookupError(f"There is no static file {name}.")
    return f"/static/{_digest()}/{name}"


def _send(digest: str, name: str) -> Response:
    if digest != _digest() or name not in _names():
        raise NotFound("There is no such file.")
    kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
    response = Response((FOLDER / name).read_bytes(), mimetype=kind)
    response.headers["Cache-Control"] = _FOR_EVER
    return response


@cache
def _names() -> frozenset[str]:
    return frozenset(
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if path.is_file()
    )


@cache
def _digest() -> str:
    whole = sha256()
    for name in sorted(_names()):
        whole.update(
            name.encode() + b"\0" + sha256((FOLDER / name).read_bytes()).digest()
        )
    return whole.hexdigest()[:16]
