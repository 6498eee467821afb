"""A whole community in one process, for browsers: `python -m tests.browser.town`.

What it would mail lands in a folder; it speaks the pseudo-languages as well.
"""

import json
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from node import assembly, keys, migrate, start, witness, worker
from node.settings import Settings
from node.start import founding
from tests.browser import abroad, pseudo, watched
from web import pages
from web.app import create_app
from web.server import serve

ANSWERS = {
    "community": {"name": "Elm Street Moot", "zone": "Europe/London"},
    "contact": {
        "mail": "help@elmstreet.example",
        "phone": "020 7946 0412",
        "sms": "07700 900412",
        "place": "Library, Thursdays 5 to 7",
    },
    "areas": [
        {"code": "castle", "name": "Castle"},
        {"code": "mill", "name": "Mill Hill"},
    ],
    "steward": {"name": "Dov", "mail": "dov@elmstreet.example"},
    "people": [
        {
            "name": "Cleo Marsh",
            "mail": "cleo@elmstreet.example",
            "roles": ["advocate", "coordinator"],
        },
        {
            "name": "Ora Lind",
            "mail": "ora@elmstreet.example",
            "roles": ["advocate", "coordinator"],
        },
        {
            "name": "Ben Ito",
            "mail": "ben@elmstreet.example",
            "roles": ["advocate"],
        },
        {"name": "Nia Hill", "mail": "nia@elmstreet.example", "roles": ["steward"]},
        {"name": "Maria Lopez", "mail": "maria@elmstreet.example", "roles": []},
    ],
}


class Folder:
    """A relay that writes every message into a file."""

    def __init__(self, path: Path):
        self.path = path
        self.numbers = count()
        path.mkdir()

    def send(self, to: str, message: bytes) -> None:
        unready = self.path / "unready"
        unready.write_bytes(message)
        unready.rename(self.path / f"{next(self.numbers):04}-{to}.eml")


def main(folder: Path, port: int) -> None:
    settings = Settings(
        data=folder / "node",
        public_url=f"http://localhost:{port}",
        ledger_interval=1,
        ledger_cover=1,
    )
    settings.data.mkdir()
    migrate.upgrade(settings)
    bell = worker.Bell()
    with (Path("/dev/urandom")).open("rb") as chance:
        keys.create(settings.keys_folder, chance.read)
    node = replace(assembly.assemble(settings, bell.ring), mail=Folder(folder / "mail"))
    founding.found(node, start.read_answers(ANSWERS))
    witness.start_check(node)
    (folder / "abroad.json").write_text(json.dumps(abroad.seed(node)))
    watched.seed(node)
    app = create_app(node)
    pages.install(app, translations=pseudo.build(folder / "languages"))
    thread = worker.start(node, bell)
    serve(app, node, host="127.0.0.1", port=port, ready=lambda: None)
    bell.stop()
    thread.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
