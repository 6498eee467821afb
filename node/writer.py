"""One writer at a time, and one flush for everybody who waits for it.

The write-ahead log is a single sequential file, so the flush of a later commit also
covers every earlier one. Whoever gets the lock with nobody behind it flushes for all
before it; nobody is told "done" before a flush that covers their commit.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from node.errors import Unready

_MOST_UNFLUSHED, _LONGEST_UNFLUSHED = 64, 0.005
_PATIENCE = 0.05
_PAGE = 4096
#: Milliseconds to wait for others who use the file, and for those who read the log.
BUSY, _BRIEFLY = 5000, 200
_MARK = "UPDATE flush_mark SET n = n + 1"
_PASSIVE_AT, _TRUNCATE_AT = 4000 * _PAGE, 64 * 1024 * 1024
#: From there on whoever writes empties the log: nobody else did so in time.
_OVERDUE_AT = 2 * _TRUNCATE_AT


class Writer:
    """The one connection of this process that writes, and the queue before it."""

    def __init__(
        self,
        file: Path,
        connect: Callable[[], Connection],
        monotonic: Callable[[], float],
    ) -> None:
        self._path = file.with_name("write.lock")
        self._log = file.with_name(f"{file.name}-wal")
        self._overdue_at = _OVERDUE_AT
        self._connect = connect
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._flushed_more = threading.Condition()
        self._connection: Connection | None = None
        self._handle: int | None = None
        self._waiting = 0
        self._sequence = self._flushed = self._failed = 0
        #: The commits of which nobody knows whether the disk has them.
        self._lost: list[range] = []
        self._unflushed = 0
        self._oldest = 0.0
        self._level = ""

    @contextmanager
    def turn(self, *, sealed: bool, flushed: bool = False) -> Iterator[Connection]:
        """Give the caller the writer; return once their commit is on disk.

        A sealed turn does not wait: somebody else's flush will cover it. A flushed one
        is on disk before anybody can see it. Raises `Unready` when the disk failed
        before that was certain.
        """
        with self._in_turn(durable=not sealed):
            flush = not sealed and (flushed or self._must_flush())
            connection = self._ready("FULL" if flush else "NORMAL")
            try:
                if flush and self._unflushed:
                    # A commit that changes no page flushes nothing, and whether the
                    # body changes one is not ours to know: so this does.
                    connection.exec_driver_sql(_MARK)
                yield connection
            except OperationalError:
                self._fail()  # a commit or flush that failed is never tried again
                raise
            except BaseException:
                connection.rollback()
                self._cover(flush=flush)
                raise
            mine = self._count(flush=flush)
            self._shorten()
        if not sealed and not flush:
            self._wait(mine)

    @contextmanager
    def _in_turn(self, *, durable: bool) -> Iterator[None]:
        with self._flushed_more:
            self._waiting += durable
        waits = durable
        try:
            with self._locked():
                with self._flushed_more:
                    self._waiting -= durable
                waits = False
                yield
        finally:
            if waits:  # it never got its turn
                with self._flushed_more:
                    self._waiting -= 1

    def _must_flush(self) -> bool:
        late = self._monotonic() - self._oldest > _LONGEST_UNFLUSHED
        return (
            self._waiting == 0
            or self._unflushed >= _MOST_UNFLUSHED
            or (self._unflushed > 0 and late)
        )

    def _ready(self, level: str) -> Connection:
        if self._connection is None:
            self._connection = self._connect()
            self._level = ""
        if self._level != level:
            # Outside any transaction: inside one SQLite ignores it.
            _driver(self._connection).execute(f"PRAGMA synchronous = {level}").close()
            self._level = level
        return self._connection

    def _count(self, *, flush: bool) -> int:
        self._sequence += 1
        if flush:
            self._unflushed = 0
            with self._flushed_more:
                self._flushed = self._sequence
                self._flushed_more.notify_all()
        else:
            self._oldest = self._oldest if self._unflushed else self._monotonic()
            self._unflushed += 1
        return self._sequence

    def _fail(self) -> None:
        # What the disk has of the commits before is not known any more, and asking it
        # again proves nothing: whoever waits for them is told so, and asks anew.
        self._unflushed = 0
        with self._flushed_more:
            lost = range(self._flushed + 1, self._sequence + 1)
            if self._lost and self._lost[-1].start == lost.start:
                self._lost.pop()
            self._lost.append(lost)
            self._failed = self._sequence
            self._flushed_more.notify_all()
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.invalidate()
            connection.close()

    def _wait(self, mine: int) -> None:
        if not self._settled(mine):
            self.flush()
        # A flush that came after the failure says nothing about what was before it.
        if any(mine in lost for lost in self._lost):
            raise Unready("the disk failed before this was certain to be on it")

    def _settled(self, mine: int) -> bool:
        with self._flushed_more:
            return self._flushed_more.wait_for(
                lambda: self._flushed >= mine or self._failed >= mine, _PATIENCE
            )

    def _cover(self, *, flush: bool) -> None:
        if not (flush and self._unflushed):
            return
        try:
            _mark(self._ready("FULL"))
        except (OperationalError, sqlite3.Error) as error:
            self._fail()
            raise Unready("the disk failed") from error
        self._unflushed = 0
        with self._flushed_more:
            self._flushed = self._sequence
            self._flushed_more.notify_all()

    def flush(self) -> None:
        """Make everything committed so far durable."""
        with self._locked():
            self._cover(flush=True)

    def _shorten(self) -> None:
        # Who fills a node in one go has no worker beside them, or is the worker.
        size = self._length()
        if size < self._overdue_at:
            return
        try:
            driver = _driver(self._ready("FULL"))
            # It waits for nobody: where somebody reads on, a part of it stays.
            cursor = driver.execute("PRAGMA wal_checkpoint(PASSIVE)")
            _, known, moved = cursor.fetchone()
            cursor.close()
        except (OperationalError, sqlite3.Error):
            self._fail()
            return
        # What has to stay is not gone through again at every commit.
        self._overdue_at = _OVERDUE_AT + (size if known != moved else 0)

    def _length(self) -> int:
        try:
            return self._log.stat().st_size
        except FileNotFoundError:
            return 0

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file once it is long enough to matter."""
        size = self._length()
        if size < _PASSIVE_AT:
            return
        mode = "TRUNCATE" if size > _TRUNCATE_AT else "PASSIVE"
        with self._locked():
            driver = _driver(self._ready("FULL"))
            driver.execute(f"PRAGMA wal_checkpoint({mode})").close()

    def truncate(self) -> bool:
        """Empty the write-ahead log; False if somebody still reads what is in it."""
        with self._locked():
            driver = _driver(self._ready("FULL"))
            # Everybody who writes waits behind this, so it waits for nobody long.
            driver.execute(f"PRAGMA busy_timeout = {_BRIEFLY}").close()
            cursor = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()[0]
            cursor.close()
            driver.execute(f"PRAGMA busy_timeout = {BUSY}").close()
        return not busy

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock:
            if self._handle is None:
                self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            # Other processes of this machine queue here: SQLite before 3.51.3 can
            # spoil a file that two connections write or checkpoint at one instant.
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go. Whoever waited for a flush has had it."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None


def _mark(connection: Connection) -> None:
    driver = _driver(connection)
    driver.execute("BEGIN IMMEDIATE").close()
    driver.execute(_MARK).close()
    driver.execute("COMMIT").close()


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
