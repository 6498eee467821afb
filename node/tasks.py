"""Celery's doorbell: it carries no work, only the word that there is some.

Losing, doubling or reordering every message changes when things happen, and nothing
else: what is owed stands in tables. Other nodes are written to by a task each, so that
one that is slow or dead keeps nobody waiting.
"""

import os
from collections.abc import Callable
from functools import cache

from celery import Celery
from celery.signals import worker_process_shutdown
from kombu.exceptions import OperationalError

from node import assembly, migrate, starting, work
from node.core import Node
from node.logging import log as logger
from node.settings import Settings

_EVERY = 5.0


@cache
def node() -> Node:
    """Return this process's node, made when the first task needs it."""
    settings = Settings.read(os.environ)
    migrate.check(settings)
    found = assembly.assemble(settings)
    starting.begin(found)
    return found


@worker_process_shutdown.connect
def _close(**_: object) -> None:
    if node.cache_info().currsize:
        node().database.close()


def queue(broker: str, whose: Callable[[], Node] = node) -> Celery:
    """Return Celery, set up so that a message is never more than a bell.

    The node is asked for by each task: a worker that forks makes its own.
    """
    found = Celery("folkmoot", broker=broker)
    found.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"max_retries": 0, "socket_connect_timeout": 2},
        beat_schedule={"sweep": {"task": "folkmoot.sweep", "schedule": _EVERY}},
        timezone="UTC",
    )

    @found.task(name="folkmoot.sweep", shared=False, ignore_result=True, acks_late=True)
    def sweep() -> None:
        """Do everything that is due. Running it twice does it once."""
        work.sweep(whose(), post=post)

    @found.task(name="folkmoot.post", shared=False, ignore_result=True, acks_late=True)
    def send(errand: str) -> None:
        """Run one errand. Who finds that somebody else is at it does nothing."""
        work.run_errand(whose(), errand)

    def post(errand: str) -> None:
        # A message that is lost costs one look: the next sweep asks again.
        try:
            send.apply_async((errand,), expires=_EVERY)
        except (OperationalError, OSError):
            logger().warning("broker.away")

    return found


def bell(broker: str) -> Callable[[], None]:
    """Return what rings Celery. A broker that is away only delays the work."""
    celery = queue(broker)

    def ring() -> None:
        try:
            celery.send_task("folkmoot.sweep", ignore_result=True, expires=_EVERY)
        except (OperationalError, OSError):
            logger().warning("broker.away")

    return ring
