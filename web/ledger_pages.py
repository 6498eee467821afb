"""What each page of the ledger is made of, on the node and in a copy."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import render_template

from node import log
from node.core import Node
from web import current, verifier
from web.ledger_links import Links

_NEWEST = 10


def show(name: str, site: Links) -> str:
    """Return one of the pages that are the same however one comes to them."""
    return whole(name, site, **PAGES[name](current.node()))


def whole(name: str, site: Links, **more: object) -> str:
    """Return a page with its ways to all others."""
    return render_template(f"ledger/{name}.html", site=site, this=name, **more)


def kept() -> str:
    """Return the verifier as one file, with what we say of ourselves in it."""
    page = render_template("ledger/kept.html", rule=verifier.rule(), **own())
    return verifier.as_one_file(page)


def with_verifier(archive: bytes) -> bytes:
    """Return an archive of receipts with the file beside them that checks them."""
    written = BytesIO(archive)
    with ZipFile(written, "a") as more:
        page = ZipInfo("verify.html")
        page.compress_type = ZIP_DEFLATED
        more.writestr(page, kept())
    return written.getvalue()


def own() -> dict[str, str]:
    """Return what we say of ourselves; who has keys from elsewhere puts those in."""
    node = current.node()
    return {
        "policy": log.policy(node),
        "statements": log.status(node).statements_vkey,
        "host": node.settings.hostname,
    }


def _index(node: Node) -> dict[str, object]:
    status = log.status(node)
    return {
        "status": status,
        "ended": log.ended(node),
        "witnesses": log.witnesses(node),
        "entries": log.newest(node, most=_NEWEST) if status.size else [],
    }


def _witnesses(node: Node) -> dict[str, object]:
    status = log.status(node)
    return {
        "status": status,
        # The name by which witnesses show what they signed of a log.
        "digest": sha256(status.origin.encode()).hexdigest(),
        "witnesses": log.witnesses(node),
        "quorum": log.quorum(node),
    }


def _keys(node: Node) -> dict[str, object]:
    return {"keys": log.keys(node)}


def _audit(node: Node) -> dict[str, object]:
    example = f"{current.community().prefix}-7KQ2M8V"
    address = node.settings.origin + log.place(log.epoch(node))
    return {"status": log.status(node), "example": example, "address": address}


#: The pages that take nothing from whoever opens them.
PAGES: Mapping[str, Callable[[Node], dict[str, object]]] = {
    "index": _index,
    "witnesses": _witnesses,
    "keys": _keys,
    "audit": _audit,
}
