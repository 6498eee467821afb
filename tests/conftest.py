"""What every test may ask for: real servers, and sockets on loopback only."""

import gc
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest
import structlog

from tests.support import servers

if TYPE_CHECKING:
    from tests.support.crew import Crew

LOOPBACK = ["127.0.0.1", "::1", "localhost"]


@pytest.fixture(autouse=True)
def _log_of_its_own() -> Iterator[None]:
    """Undo how a program that a test started writes its lines."""
    yield
    structlog.reset_defaults()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect tests without looking for garbage: all that is made is kept to the end.

    Nor is it looked through later: with a million things that stay, each look for
    garbage would take longer than many a test.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let a test marked `network` reach this machine, and nothing else."""
    if item.get_closest_marker("network"):
        item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server's address; `servers.database` makes databases on it."""
    yield from _started(servers.postgres())


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis server's address."""
    yield from _started(servers.redis())


@pytest.fixture(scope="session")
def celery(redis_url: str) -> Iterator["Crew"]:
    """A Celery worker in this process: there cannot be two of them."""
    from tests.support.crew import crew  # noqa: PLC0415 - takes a second to load

    # Apart from what other tests put into this broker: its worker takes all it finds.
    with crew(redis_url.rpartition("/")[0] + "/1") as found:
        yield found


@pytest.fixture(scope="session")
def rabbitmq_url() -> Iterator[str]:
    """A RabbitMQ server's address."""
    yield from _started(servers.rabbitmq())


def _started(server: AbstractContextManager[str]) -> Iterator[str]:
    try:
        url = server.__enter__()
    except servers.Missing as missing:
        why = f"this machine lacks {missing}"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    try:
        yield url
    finally:
        server.__exit__(None, None, None)
