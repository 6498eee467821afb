"""The yardsticks that are servers: `python -m tests.bench.yard KIND PORT FOLDER`."""

import os
import sys
from pathlib import Path

from flask import Flask, request
from waitress import serve


def post(folder: Path) -> Flask:
    """Return the barest durable POST: append what came, to 4 kB, and fdatasync."""
    app = Flask("yard")
    handle = os.open(folder / "yard", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    @app.get("/")
    def hello() -> str:
        return "hello"

    @app.post("/post")
    def keep() -> tuple[str, int]:
        os.write(handle, request.get_data().ljust(4096))
        os.fdatasync(handle)
        return "kept", 201

    return app


def hello(folder: Path) -> Flask:
    """Return what takes any POST and always says the same."""
    app = post(folder)

    @app.post("/<path:_anywhere>")
    def take(_anywhere: str) -> tuple[str, int]:
        return "hello", 202

    return app


def accept(_folder: Path) -> Flask:
    """Return the node of the settings, which checks what comes and keeps nothing."""
    from node import assembly  # noqa: PLC0415 - the other yardsticks weigh nothing
    from node.inbox import keeping  # noqa: PLC0415
    from node.settings import Settings  # noqa: PLC0415
    from web.app import create_app  # noqa: PLC0415

    def forget(*_what: object) -> None:
        """Keep nothing: this is what the yardstick leaves out."""

    keeping.keep = forget
    return create_app(assembly.assemble(Settings.read(os.environ)))


def imports(folder: Path) -> Flask:
    """Return hello, in a process that has imported all that the node imports."""
    import web.commands.serving  # noqa: F401, PLC0415 - that is what is measured

    return post(folder)


KINDS = {"post": post, "hello": hello, "accept": accept, "imports": imports}

if __name__ == "__main__":
    kind, port, folder = sys.argv[1:]
    app = KINDS[kind](Path(folder))
    serve(app, listen=f"localhost:{port}", threads=8, ident=None)
