"""Real servers for tests: PostgreSQL, Redis and RabbitMQ, each started for a run.

Every server has a folder and a port of its own and listens on loopback only. An
address in the environment (FOLKMOOT_TEST_POSTGRES, FOLKMOOT_TEST_REDIS,
FOLKMOOT_TEST_RABBITMQ) is used instead. Run as a program, this installs what the
tests need, or says what is missing.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import kombu
import psycopg
import redis as redis_client
from psycopg import sql

from tests.support.installed import (
    Missing,
    axe_source,
    chromium_path,
    install,
    postgres_bin,
    rabbitmq_server,
    redis_server,
)
from tests.support.processes import Home, Program, free_port, home, running

__all__ = [
    "Missing",
    "axe_source",
    "chromium_path",
    "database",
    "postgres",
    "rabbitmq",
    "redis",
]


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL server; yield the address of its first database."""
    given = os.environ.get("FOLKMOOT_TEST_POSTGRES")
    if given:
        yield given
        return
    programs, port, password = postgres_bin(), free_port(), secrets.token_hex(16)
    url = f"postgresql://folkmoot:{password}@127.0.0.1:{port}/postgres"

    def asked() -> None:
        psycopg.connect(url, connect_timeout=5).close()

    with home("postgres") as at:
        _initdb(programs / "initdb", at, password)
        command = [programs / "postgres", "-D", at.path / "data", "-k", at.path]
        command += ["-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on"]
        command += ["-c", "synchronous_commit=on", "-c", "max_connections=120"]
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client.
        with running(Program(command, end=signal.SIGINT), at, asked):
            yield url


@contextmanager
def database(server: str) -> Iterator[str]:
    """Make an empty database on a server; yield its address, and drop it after."""
    name = sql.Identifier(f"folkmoot_{secrets.token_hex(6)}")
    _say(server, sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
    try:
        yield server.rsplit("/", 1)[0] + "/" + name.as_string().strip('"')
    finally:
        _say(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis server that keeps nothing; yield its address."""
    given = os.environ.get("FOLKMOOT_TEST_REDIS")
    if given:
        yield given
        return
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"

    def asked() -> None:
        with redis_client.Redis.from_url(url) as client:
            client.ping()

    with home("redis") as at:
        command = [redis_server(), "--port", port, "--bind", "127.0.0.1"]
        command += ["--dir", at.path, "--save", "", "--appendonly", "no"]
        with running(Program(command), at, asked):
            yield url


@contextmanager
def rabbitmq() -> Iterator[str]:
    """Run a RabbitMQ server beside a name server of its own; yield its address."""
    given = os.environ.get("FOLKMOOT_TEST_RABBITMQ")
    if given:
        yield given
        return
    server, epmd, port, names = rabbitmq_server(), _epmd(), free_port(), free_port()
    url = f"amqp://guest:guest@127.0.0.1:{port}//"

    def listed() -> None:
        socket.create_connection(("127.0.0.1", names), timeout=5).close()

    def asked() -> None:
        with kombu.Connection(url, connect_timeout=5) as connection:
            connection.connect()

    with home("rabbitmq") as at:
        finder = Program(
            [epmd, "-address", "127.0.0.1", "-port", names], log="names.log"
        )
        broker = Program([server], words=_rabbit(at, port, names))
        with running(finder, at, listed), running(broker, at, asked):
            yield url


def main() -> int:
    """Install what the tests need; say what is missing; return the exit status."""
    problems = install()
    for problem in problems:
        sys.stdout.write(f"missing: {problem}\n")
    if not problems:
        sys.stdout.write("everything the tests need is here\n")
    return 1 if problems else 0


def _initdb(program: Path, at: Home, password: str) -> None:
    secret = at.keep("password", password)
    data = at.path / "data"
    command = [program, "-D", data, "-U", "folkmoot", "-A", "scram-sha-256"]
    command += [f"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        command, **at.runs_as, cwd=at.path, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise Missing(f"a PostgreSQL that starts: {done.stderr.strip()}")


def _say(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _epmd() -> str:
    found = shutil.which("epmd")
    if found is None:
        raise Missing("the program epmd")
    return found


def _rabbit(at: Home, port: int, names: int) -> dict[str, str]:
    settings = (
        "vm_memory_high_watermark.relative = 0.2\ndisk_free_limit.absolute = 50MB\n"
    )
    return {
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_NODENAME": f"folkmoot{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"
        ),
        "RABBITMQ_MNESIA_BASE": str(at.path / "mnesia"),
        "RABBITMQ_LOG_BASE": str(at.path / "log"),
        "RABBITMQ_CONF_ENV_FILE": str(at.keep("env.conf", "")),
        "RABBITMQ_CONFIG_FILE": str(at.keep("rabbitmq.conf", settings)),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(at.keep("plugins", "[].\n")),
        "RABBITMQ_PID_FILE": str(at.path / "pid"),
        "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the server: one process
    }


if __name__ == "__main__":
    raise SystemExit(main())
