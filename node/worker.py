"""The thread or process that works: it sleeps until the bell, or five seconds.

A bell that is lost costs seconds and nothing else, because the rows are looked at
all the same.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType

from node import work
from node.core import Collision, Node
from node.logging import frames
from node.logging import log as logger

LONGEST_SLEEP = 5.0
#: How many nodes are written to at once.
_COURIERS = 16


class Bell:
    """What a transaction rings when it leaves work behind."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._over = threading.Event()

    def ring(self) -> None:
        """Say that there is work. Cheap, and never fails."""
        self._event.set()

    def stop(self) -> None:
        """Say that the work is over for this process."""
        self._over.set()
        self._event.set()

    @property
    def over(self) -> bool:
        """Whether this process stops."""
        return self._over.is_set()

    def wait(self) -> None:
        """Sleep until there is work, or until it is time to look anyway."""
        self._event.wait(LONGEST_SLEEP)
        self._event.clear()


def work_until_stopped(node: Node, bell: Bell) -> None:
    """Do what is due, again and again, until the bell says stop.

    Other nodes are written to beside that, several at once: one that is slow or dead
    keeps nobody waiting.
    """
    pool = ThreadPoolExecutor(_COURIERS, thread_name_prefix="courier")
    try:
        _work(node, bell, _Couriers(node, bell, pool).post)
    finally:
        # What nobody began is still written down; what is under way ends after one.
        pool.shutdown(cancel_futures=True)


class _Couriers:
    """Those who speak to other nodes: each errand is run once at a time."""

    def __init__(self, node: Node, bell: Bell, pool: Executor) -> None:
        self._node, self._bell, self._pool = node, bell, pool
        self._lock = threading.Lock()
        #: What is being done, or soon; and whether it was asked for again since.
        self._busy: dict[str, bool] = {}

    def post(self, errand: str) -> None:
        """Let somebody do what is to be done. Asking often does it once at a time."""
        with self._lock:
            if errand in self._busy:
                self._busy[errand] = True
                return
            self._busy[errand] = False
        self._pool.submit(self._send, errand)

    def _send(self, errand: str) -> None:
        again = False
        try:
            work.run_errand(self._node, errand, over=lambda: self._bell.over)
        except Collision:
            again = True
        except Exception as error:  # noqa: BLE001 - what is not sent is written down
            logger().error(
                "courier.failed",
                problem=type(error).__name__,
                frames=frames(error.__traceback__),
            )
        with self._lock:
            again |= self._busy.pop(errand)
        if again:
            self._bell.ring()


def _work(node: Node, bell: Bell, post: Callable[[str], None]) -> None:
    while not bell.over:
        try:
            work.sweep(node, post=post)
        except Collision:
            bell.ring()
        except Exception as error:  # noqa: BLE001 - the next look may go better
            logger().error(
                "worker.failed",
                problem=type(error).__name__,
                frames=frames(error.__traceback__),
            )
        bell.wait()


def start(node: Node, bell: Bell) -> threading.Thread:
    """Start a thread that works beside the server."""
    thread = threading.Thread(
        target=work_until_stopped, args=(node, bell), name="worker", daemon=True
    )
    thread.start()
    return thread


@contextmanager
def told_by_signals(bell: Bell) -> Iterator[None]:
    """Let SIGTERM and SIGINT end the work after what is being done."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        bell.stop()

    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
