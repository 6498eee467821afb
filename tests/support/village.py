"""Real nodes without sockets: own database, own keys, one clock set by hand."""

import atexit
import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path

from sqlalchemy import Dialect, delete

from node import actors, database, keys, migrate, work
from node.core import Node, outside
from node.models.jobs import Job
from node.settings import Settings
from node.start.answers import read_answers
from node.start.founding import found
from tests.support.roads import Roads

#: A Monday morning, inside everybody's opening hours.
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


_SPOKEN: dict[str, Dialect] = {}
_COMPILED: dict[object, object] = {}


class Mailbox:
    """A relay that keeps what it is handed; it can be away for a while."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, EmailMessage]] = []
        self.away = False

    def send(self, to: str, message: bytes) -> None:
        outside()
        if self.away:
            raise ConnectionRefusedError
        self.messages.append((to, message_from_bytes(message, policy=default)))


class Village:
    """Some communities, their clock and their mail."""

    def __init__(self, folder: Path, *, postgres: str = "", seed: int = 1) -> None:
        self.folder = folder
        self.postgres = postgres
        self.now = MONDAY
        self.mailbox = Mailbox()
        self.roads = Roads()
        self.roads.monotonic = self.monotonic
        #: Who does what is due.
        self.worker: Callable[[Node], int] = work.sweep
        self._chance = random.Random(seed)  # noqa: S311 - the same story again
        self._nodes: list[Node] = []

    @property
    def mails(self) -> list[tuple[str, EmailMessage]]:
        """Every message that left, with whom it went to."""
        return self.mailbox.messages

    def found(self, url: str, **answers: object) -> Node:
        """Found a community whose doors are open."""
        node = self.build(url)
        with_defaults = {**_answers(node.settings.hostname), **answers}
        found(node, read_answers(with_defaults))
        _without_actors(node)
        work.sweep(node)
        return node

    def connect(self, *nodes: Node) -> None:
        """Make the actors of these nodes, and roads between them."""
        for node in nodes:
            actors.make(node)
            self.roads.lead_to(node)

    def build(self, url: str) -> Node:
        """Make a migrated node that nobody has said anything about."""
        name = url.partition("//")[2].replace(":", "-")
        settings = Settings(
            data=self.folder / name, public_url=url, database_url=self.postgres
        )
        if self.postgres:
            settings.data.mkdir(parents=True)
            migrate.upgrade(settings)
        else:
            shutil.copytree(_migrated(), settings.data)
        keys.create(settings.keys_folder, self._chance.randbytes)
        node = self.open(settings)
        _without_actors(node)
        return node

    def open(self, settings: Settings) -> Node:
        """Start a node on a folder that is there, as after a restart."""
        node = Node(
            settings=settings,
            database=database.connect(
                settings.database_url, settings.data, self.monotonic
            ),
            keys=keys.read(settings.keys_folder),
            mail=self.mailbox,
            network=self.roads,
            now=lambda: self.now,
            monotonic=self.monotonic,
            dice=self._chance.randbytes,
            ring=lambda: None,
        )
        _speak_alike(node)
        self._nodes.append(node)
        return node

    def monotonic(self) -> float:
        """Return the clock as a stopwatch has it."""
        return self.now.timestamp()

    def pass_time(self, **length: float) -> None:
        """Let time go by for everybody."""
        self.now += timedelta(**length)

    def work(self, node: Node) -> int:
        """Do everything that is due at a node."""
        return self.worker(node)

    def close(self) -> None:
        """Let go of every database."""
        for node in self._nodes:
            node.database.close()


@cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-village-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate.upgrade(Settings(data=folder))
    return folder


def _speak_alike(node: Node) -> None:
    # A statement is compiled once for all nodes of a test run, not for each of them.
    engine = node.database.engine
    if engine.dialect.name not in _SPOKEN:
        engine.connect().close()  # It learns what the server can.
        _SPOKEN[engine.dialect.name] = engine.dialect
    engine.dialect = _SPOKEN[engine.dialect.name]
    engine.update_execution_options(compiled_cache=_COMPILED)


def _without_actors(node: Node) -> None:
    # Keys take a while to make: `connect` makes them where a test needs any.
    with node.begin() as tx:
        tx.execute(delete(Job).where(Job.kind == actors.JOB))


def _answers(host: str) -> dict[str, object]:
    name = host.partition(".")[0]
    return {
        "community": {
            "name": f"{name.title()} Moot",
            "slug": name,
            "zone": "Etc/UTC",
            "preset": "cooperative",
        },
        "steward": {"name": "Dov", "mail": f"dov@{host}"},
    }
