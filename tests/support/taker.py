"""A server on loopback that stands for another node, and takes what comes."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

_PATIENCE = 60


class Neighbour:
    """A server of somebody else that takes what is posted to it."""

    def __init__(self) -> None:
        self.came = threading.Event()
        self.taken: list[str] = []
        neighbour = self

        class Inbox(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                neighbour.taken.append(json.loads(self.rfile.read(size))["id"])
                self.send_response(202)
                self.end_headers()
                neighbour.came.set()

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Inbox)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.host = f"localhost:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join(_PATIENCE)
        self._server.server_close()
