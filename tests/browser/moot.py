"""A community behind TLS under its own name, so that passkeys sign for it.

It runs inside the test's own process: what a browser did is looked up in its tables.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from node.core import Node
from tests.browser.conftest import FLAGS, Town
from tests.support import certificates, installed, members
from tests.support.clients import SESSION, app_of
from tests.support.village import Village

HOST = "ash.example"


@dataclass
class Moot:
    """The community, and a browser that finds it."""

    village: Village
    node: Node
    browser: Browser
    town: Town

    def member(self, name: str) -> dict[str, object]:
        """Return the cookie of a new member who is signed in."""
        person = members.join(self.node, f"{name}@{HOST}")
        token = members.enter(self.node, person).session_token
        return {"name": SESSION, "value": token, "url": self.town.url}


@contextmanager
def opened(chromium: Browser, folder: Path) -> Iterator[Moot]:
    """Open the doors of a community, and a browser that knows where its name leads."""
    village = Village(folder)
    node = village.found(f"https://{HOST}")
    with _served(app_of(node), folder) as port:
        book = f"--host-resolver-rules=MAP {HOST} 127.0.0.1:{port}"
        browser = chromium.browser_type.launch(
            args=[*FLAGS, book, "--ignore-certificate-errors"],
            executable_path=str(installed.chromium_path()),
        )
        yield Moot(village, node, browser, Town(f"https://{HOST}", folder))
        browser.close()
    village.close()


@contextmanager
def _served(app: Flask, folder: Path) -> Iterator[int]:
    tls = certificates.certificate(HOST, None).server(folder)
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
