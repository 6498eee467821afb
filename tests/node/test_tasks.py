import base64
import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from aiosmtpd.controller import Controller

from node import actors, assembly, log, outbox, submissions, tasks, work
from node.accounts import GUEST
from node.log import guard
from node.migrate import SchemaOlder
from node.outbox import Sending
from tests.support.cast import moot_on, told
from tests.support.processes import free_port
from tests.support.taker import Neighbour

PATIENCE = 60
CANARY = "canary-7f3a heating"
MAIL = "canary.ada@mailbox.example"

pytestmark = pytest.mark.network


class Relay:
    """A real mail server that says when something came."""

    def __init__(self):
        self.came = threading.Event()
        self.taken = []
        self._server = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self._server.port}"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.taken.append((envelope.rcpt_tos, envelope.content))
        self.came.set()
        return "250 OK"

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_error):
        self._server.stop(no_assert=True)


@pytest.fixture
def relay():
    with Relay() as relay:
        yield relay


@pytest.fixture
def founded(tmp_path, relay):
    """A founded node's settings, with a relay to send mail by."""
    with moot_on("", tmp_path) as moot:
        work.sweep(moot.node)
        return replace(moot.node.settings, smtp_url=relay.url)


@pytest.fixture(params=["redis_url", "rabbitmq_url"])
def scaled(request, founded):
    """The settings of a node whose workers are rung by a broker."""
    return replace(founded, broker_url=request.getfixturevalue(request.param))


def words_of(settings):
    return {
        "FOLKMOOT_DATA": str(settings.data),
        "FOLKMOOT_PUBLIC_URL": settings.public_url,
        "FOLKMOOT_BROKER_URL": settings.broker_url,
        "FOLKMOOT_SMTP_URL": settings.smtp_url,
        "FOLKMOOT_FEDERATION_INSECURE_HOSTS": ",".join(
            settings.federation_insecure_hosts
        ),
    }


@pytest.fixture
def neighbour():
    with Neighbour() as neighbour:
        yield neighbour


class Celery:
    """A worker as an operator starts it, until the block ends."""

    def __init__(self, settings, *more):
        self._more = more
        self._words = words_of(settings)
        self._ready = threading.Event()
        self.said = []

    def _listen(self, stream):
        for line in stream:
            self.said.append(line)
            if "ready." in line:
                self._ready.set()

    def __enter__(self):
        command = [sys.executable, "-m", "celery", "-A", "folkmoot", "worker"]
        self._process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            [*command, "--pool", "solo", "--loglevel", "INFO", *self._more],
            env={**os.environ, **self._words},
            cwd=Path(__file__).parents[2],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(
            target=self._listen, args=(self._process.stderr,)
        )
        self._reader.start()
        assert self._ready.wait(PATIENCE), self.said
        return self

    def __exit__(self, *_error):
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self._process.stderr.close()


def tell(node):
    submissions.submit(node, told(text=CANARY, contact=MAIL), by=GUEST)


def test_a_ring_over_the_broker_gets_a_submissions_mail_sent(scaled, relay):
    node = assembly.assemble(scaled, ring=tasks.bell(scaled.broker_url))

    with Celery(scaled):
        tell(node)
        came = relay.came.wait(PATIENCE)
    node.database.close()

    assert came
    assert [to for to, _ in relay.taken] == [[MAIL]]


def say(node, neighbour):
    actors.make(node)
    with node.begin() as tx:
        community = actors.community(tx)
        document = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{node.settings.origin}/ap/activities/{uuid4().hex}",
            "type": "Like",
            "actor": f"{node.settings.origin}{community}",
            "object": f"http://{neighbour.host}/canary",
        }
        said = Sending(document=document, actor=community, context="canary")
        outbox.put(node, tx, said, [f"http://{neighbour.host}/inbox"])
    return document["id"]


def test_what_waits_for_another_node_is_sent_by_a_worker(scaled, neighbour):
    scaled = replace(scaled, federation_insecure_hosts=(neighbour.host,))
    node = assembly.assemble(scaled, ring=tasks.bell(scaled.broker_url))

    with Celery(scaled) as worker:
        id_ = say(node, neighbour)
        came = neighbour.came.wait(PATIENCE)
    node.database.close()

    assert came
    assert neighbour.taken == [id_]
    assert any("folkmoot.post" in line for line in worker.said)


def test_each_node_is_written_to_by_a_task_of_its_own(
    founded, neighbour, redis_url, monkeypatch
):
    founded = replace(
        founded, broker_url=redis_url, federation_insecure_hosts=(neighbour.host,)
    )
    for name, text in words_of(founded).items():
        monkeypatch.setenv(name, text)
    plain = assembly.assemble(founded)
    say(plain, neighbour)
    plain.database.close()
    tasks.node.cache_clear()
    celery = tasks.queue(redis_url)
    with redis.Redis.from_url(redis_url) as broker:
        broker.flushall()

        celery.tasks["folkmoot.sweep"]()
        (raw,) = broker.lrange("celery", 0, -1)
        broker.flushall()
    celery.tasks["folkmoot.post"](f"http://{neighbour.host}")
    tasks.node().database.close()
    tasks.node.cache_clear()

    message = json.loads(raw)
    args, named, _options = json.loads(base64.b64decode(message["body"]))
    assert message["headers"]["task"] == "folkmoot.post"
    assert (args, named) == ([f"http://{neighbour.host}"], {})
    assert "canary" not in str(message)
    assert len(neighbour.taken) == 1


def test_a_broker_that_is_away_only_delays_what_is_posted(
    founded, neighbour, monkeypatch, capsys
):
    broker = f"redis://127.0.0.1:{free_port()}//"
    founded = replace(founded, federation_insecure_hosts=(neighbour.host,))
    for name, text in words_of(founded).items():
        monkeypatch.setenv(name, text)
    tasks.node.cache_clear()
    say(tasks.node(), neighbour)

    tasks.queue(broker).tasks["folkmoot.sweep"]()

    assert "broker.away" in "".join(capsys.readouterr())
    assert work.sweep(tasks.node()) == 1
    assert len(neighbour.taken) == 1
    tasks.node().database.close()
    tasks.node.cache_clear()


def test_without_any_ring_the_beat_looks_anyway(founded, relay, redis_url, tmp_path):
    scaled = replace(founded, broker_url=redis_url)
    node = assembly.assemble(scaled)
    tell(node)
    node.database.close()

    with Celery(scaled, "--beat", "--schedule", str(tmp_path / "beat")):
        came = relay.came.wait(PATIENCE)

    assert came
    assert [to for to, _ in relay.taken] == [[MAIL]]


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_away_only_delays(founded, relay, scheme, capsys):
    broker = f"{scheme}://127.0.0.1:{free_port()}//"
    node = assembly.assemble(founded, ring=tasks.bell(broker))

    tell(node)
    before = relay.came.is_set()
    work.sweep(node)
    node.database.close()

    assert "broker.away" in "".join(capsys.readouterr())
    assert (before, relay.came.is_set()) == (False, True)


def test_a_message_carries_no_word_of_anybody(founded, redis_url):
    node = assembly.assemble(founded, ring=tasks.bell(redis_url))
    with redis.Redis.from_url(redis_url) as broker:
        broker.flushall()

        tell(node)
        (raw,) = broker.lrange("celery", 0, -1)
        broker.flushall()
    node.database.close()

    message = json.loads(raw)
    args, named, _options = json.loads(base64.b64decode(message["body"]))
    assert (message["headers"]["task"], args, named) == ("folkmoot.sweep", [], {})
    assert "canary" not in str(message)


def test_a_celery_worker_signs_nothing_behind_the_guard(founded, monkeypatch):
    for name, text in words_of(founded).items():
        monkeypatch.setenv(name, text)
    plain = assembly.assemble(founded)
    guard.write(plain, epoch=1, size=4096, root=b"r" * 32)
    tasks.node.cache_clear()

    found = tasks.node()
    tell(found)
    work.sweep(found)

    assert log.read_only(found).startswith("ledger.rollback")
    assert log.status(found).size < 4096
    assert log.sequence(found) == 0
    found.database.close()
    tasks.node.cache_clear()


def test_a_celery_worker_wants_the_schema_of_its_program(founded, monkeypatch):
    for name, text in words_of(founded).items():
        monkeypatch.setenv(name, text)
    for lost in ("folkmoot.sqlite3", "ledger.guard"):
        (founded.data / lost).unlink()
    tasks.node.cache_clear()

    with pytest.raises(SchemaOlder):
        tasks.node()
