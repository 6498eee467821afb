"""A real Celery worker on a real broker, for one community of a test at a time.

It runs beside the test, in a thread: so it reads the clock that the test moves, and the
mail it sends can be looked at. All that it hears of the test comes over the broker.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from celery import Celery
from celery.contrib.testing.worker import start_worker
from celery.signals import task_postrun, task_prerun
from celery.states import SUCCESS

from node import tasks
from node.core import Node
from tests.support.cast import Moot

_PATIENCE = 60.0
#: How often the beat of an operator's Celery looks; a ring that was lost costs this.
_BEAT = 5.0


class Crew:
    """Who works for a community; it never sleeps, and nobody waits without an end."""

    def __init__(self, broker: str) -> None:
        self.celery: Celery = tasks.queue(broker, self._whose)
        self._ring = tasks.bell(broker)
        self._heard = threading.Condition()
        self._begun = self._ended = 0
        self._node: Node | None = None
        task_prerun.connect(self._begin)
        task_postrun.connect(self._end)

    @contextmanager
    def serves(self, moot: Moot) -> Iterator[Moot]:
        """Work for a community, whose every transaction rings from now on."""
        # Another process has connections and a memory of its own.
        own = moot.village.open(moot.node.settings)
        self.celery.control.purge()
        self._node = own
        moot.village.worker = self.work
        try:
            yield replace(moot, node=replace(moot.node, ring=self._ring))
        finally:
            # What was rung for before is over when this is.
            self.work(own)
            self._node = None

    def work(self, _node: Node) -> int:
        """Ring, and wait for a look at the tables that began after it has ended."""
        with self._heard:
            begun = self._begun
        for _ in range(int(_PATIENCE / _BEAT)):
            self._ring()
            with self._heard:
                if self._heard.wait_for(lambda: self._ended > begun, _BEAT):
                    return self._ended - begun
        raise TimeoutError("nobody looked at the tables")

    def _whose(self) -> Node:
        if self._node is None:
            raise LookupError("nobody is served now")
        return self._node

    def _begin(self, task: Any, **_: object) -> None:
        if task is self.celery.tasks["folkmoot.sweep"]:
            with self._heard:
                self._begun += 1

    def _end(self, task: Any, state: str, **_: object) -> None:
        # Its worker does one thing after the other: what ended is what began last.
        if task is self.celery.tasks["folkmoot.sweep"] and state == SUCCESS:
            with self._heard:
                self._ended = self._begun
                self._heard.notify_all()


@contextmanager
def crew(broker: str) -> Iterator[Crew]:
    """Start a worker as `celery worker` does, until the block ends.

    One at a time: Celery has one loop of events for all workers of a process.
    """
    found = Crew(broker)
    with start_worker(found.celery, perform_ping_check=False, shutdown_timeout=30.0):
        yield found
