"""A community with one public case, made once and served from copies."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from governance.intake import Channel
from node import assembly, publications, start, submissions, work
from node.accounts import Visitor
from node.core import Node
from node.settings import Settings
from node.submissions import Told
from tests.bench import proc
from tests.support import door

TITLE = "No heating for three weeks"
TEXT = "The landlord of Elm Street does not answer. Who has been there before? " * 4


@dataclass
class Place:
    """A folder of a node, and how to serve it."""

    folder: Path
    settings: Mapping[str, str]
    #: Its case's reference and, once it is public, its address.
    reference: str = ""
    case: str = ""
    ada: Visitor | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Its public address, whichever port it is really on."""
        return self.settings["FOLKMOOT_PUBLIC_URL"]

    @property
    def community(self) -> str:
        """Its community's actor."""
        return f"{self.url}/ap/c/bench"

    @property
    def environment(self) -> dict[str, str]:
        """Everything it is told."""
        return {**self.settings, "FOLKMOOT_DATA": str(self.folder)}

    @contextmanager
    def opened(self) -> Iterator[Node]:
        """Open it in this process, beside whoever serves it."""
        node = assembly.assemble(Settings.read(self.environment))
        try:
            yield node
        finally:
            node.database.close()

    @contextmanager
    def served(self, port: int, **settings: str) -> Iterator[int]:
        """Serve it in a process of its own; yield its id."""
        arguments = ["-m", "folkmoot", "serve", "--port", str(port)]
        environment = {**self.environment, **settings}
        with proc.running(arguments, environment, port, "/readyz") as (pid, _):
            yield pid

    def copy(self, name: str) -> "Place":
        """Return a copy of it, to be spoilt."""
        to = self.folder.with_name(name)
        shutil.copytree(self.folder, to)
        return Place(to, self.settings, self.reference, self.case, self.ada)

    def ask(self, query: str, *values: object) -> Any:
        """Return one number from its database, without a part in its locks."""
        path = f"file:{self.folder / 'folkmoot.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True)) as base:
            return base.execute(query, values).fetchone()[0]

    def publish(self, node: Node) -> None:
        """Let Ada make her case public."""
        assert self.ada is not None
        publications.publish(node, self.reference, TITLE, TEXT, by=self.ada)


def found(folder: Path, url: str, hosts: list[str], **settings: str) -> Place:
    """Found a community whose one member, Ada, has told something."""
    told = {
        "FOLKMOOT_PUBLIC_URL": url,
        "FOLKMOOT_FEDERATION_INSECURE_HOSTS": ",".join(hosts),
        **settings,
    }
    place = Place(folder, told)
    community = {
        "name": "Bench Moot", "slug": "bench", "zone": "Etc/UTC",
        "preset": "cooperative",
    }  # fmt: skip
    steward = {"name": "Dov", "mail": "dov@bench.example"}
    answers = {"community": community, "steward": steward}
    node = start.init(Settings.read(place.environment), answers)
    place.ada = door.visitor(node, "ada@bench.example")
    words = Told(
        id=uuid4(), text=TEXT, language="en", channel=Channel.API,
        source="203.0.113.9",
    )  # fmt: skip
    place.reference = submissions.submit(node, words, by=place.ada).reference
    while work.sweep(node):
        pass
    node.database.close()
    return place
