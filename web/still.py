"""The pages of the ledger as files that lead to each other, without the node.

They say in the community's language what the node's own pages say to everybody. All
are made anew each time, under the same names: what was erased since is gone from the
copy too.
"""

from base64 import b64encode
from collections.abc import Iterator
from json import dumps

from flask import Flask

from ledger.tiles import FULL
from node import log
from node.core import Node
from node.log import PayloadShown
from web import assets, current, ledger_pages, verifier
from web.ledger_links import Still


def pages(app: Flask) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the copy with its path; the first page comes last."""
    node: Node = app.extensions["folkmoot"]
    with app.test_request_context("/ledger", base_url=node.settings.origin):
        for path, text in _pages(node):
            yield path, text.encode()


def _pages(node: Node) -> Iterator[tuple[str, str]]:
    yield "style.css", verifier.style()
    yield "print.css", (assets.FOLDER / "print.css").read_text(encoding="utf-8")
    yield "verify.html", ledger_pages.kept()
    yield "keys.json", dumps(dict(log.keys(node)))
    yield "policy", log.policy(node)
    yield _site("").log("checkpoints"), b"\n".join(log.checkpoints(node)).decode()
    yield from _entries(node, log.status(node).size)
    yield from _clear(node)
    for name in reversed([*ledger_pages.PAGES]):
        yield f"{name}.html", ledger_pages.show(name, _site(""))


def _entries(node: Node, size: int) -> Iterator[tuple[str, str]]:
    site, parts = _site("../"), []
    for start in range(0, size, FULL):
        end = min(start + FULL, size)
        found = log.newest(node, before=end, most=end - start)[::-1]
        parts.append((start, end - 1))
        page = ledger_pages.whole("leaves", site, entries=found, size=size)
        yield f"entries/{start // FULL}.html", page
    yield "entries.html", ledger_pages.whole("stacks", _site(""), parts=parts)


def _clear(node: Node) -> Iterator[tuple[str, str]]:
    before, name, number = None, "clear", 1
    while name:
        found = log.newest(node, before=before, clear=True)
        before, number = found[-1].index, number + 1
        site, path = _site("../" if "/" in name else ""), f"{name}.html"
        # The first entry of all is an open one.
        name = f"clear/{number}" if before else ""
        older = site.page(name) if name else ""
        yield path, ledger_pages.whole("clear", site, entries=found, older=older)


def _site(up: str) -> Still:
    return Still(up, FULL, _data)


def _data(shown: PayloadShown) -> str:
    # Within the page, so that it goes from the copy when it was erased.
    raw = log.payload(current.node(), shown.commitment)
    return f"data:application/octet-stream;base64,{b64encode(raw).decode()}"
