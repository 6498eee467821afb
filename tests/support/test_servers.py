import socket

import kombu
import psycopg
import pytest
import redis

from tests.support import installed, servers
from tests.support.processes import Program, home, running

pytestmark = pytest.mark.network


def test_postgres_keeps_its_promise_of_durability(postgres_url):
    with psycopg.connect(postgres_url) as connection:
        settings = [
            connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("fsync", "synchronous_commit", "listen_addresses")
        ]

    assert settings == ["on", "on", "127.0.0.1"]


def test_each_test_can_have_a_database_of_its_own(postgres_url):
    with servers.database(postgres_url) as first, psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE word (word text)")
        connection.commit()

        with servers.database(postgres_url) as second, psycopg.connect(second) as other:
            seen = other.execute("SELECT to_regclass('word')").fetchone()

    assert seen == (None,)


def test_redis_answers(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        client.set("word", "kept")

        assert client.get("word") == b"kept"


def test_rabbitmq_hands_a_message_over(rabbitmq_url):
    with kombu.Connection(rabbitmq_url, connect_timeout=5) as connection:
        queue = connection.SimpleQueue("words")
        queue.put("said")
        message = queue.get(timeout=5)
        message.ack()
        queue.close()

    assert message.payload == "said"


def test_an_address_in_the_environment_is_used_as_it_is(monkeypatch):
    monkeypatch.setenv("FOLKMOOT_TEST_REDIS", "redis://elsewhere.example")

    with servers.redis() as url:
        assert url == "redis://elsewhere.example"


def test_a_server_ends_with_its_block():
    with servers.redis() as url:
        port = int(url.rsplit(":", 1)[1].split("/", maxsplit=1)[0])

    with socket.socket() as asking:
        assert asking.connect_ex(("127.0.0.1", port)) != 0


def test_a_program_that_ends_at_once_is_told_with_its_last_words():
    quits = Program(["sh", "-c", "echo no room here; exit 3"])

    def asked():
        raise ConnectionRefusedError

    with (
        home("nobody") as at,
        pytest.raises(installed.Missing, match="it ended: no room here"),
        running(quits, at, asked),
    ):
        pass


def test_what_the_page_tests_need_is_here():
    assert installed.chromium_path().exists()
    assert "axe" in installed.axe_source()
