"""A node of ours behind a real server, for those who only know its address."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from werkzeug.serving import make_server

from node.core import Node
from tests.support.processes import free_port
from tests.support.village import Village
from web.app import create_app

#: Nobody at `localhost` has a mail address.
_DOV = {"name": "Dov", "mail": "dov@ash.example"}


def local(folder: Path) -> tuple[Village, Node]:
    """Found a community whose address is a free port of this machine."""
    village = Village(folder)
    url = f"http://localhost:{free_port()}"
    return village, village.found(url, steward=_DOV)


@contextmanager
def serving(node: Node) -> Iterator[str]:
    """Serve a node at its address, and yield that."""
    server = make_server(
        "127.0.0.1", node.settings.port, create_app(node), threaded=True
    )
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield node.settings.origin
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        node.database.close()
