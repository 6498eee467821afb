"""Many use cases in one transaction, so that a year of work takes minutes.

Nothing is promised to anybody here: a crash leaves the batches that were committed.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from sqlalchemy.orm import Session

from node.core import Database

#: How many use cases one commit takes in.
BATCH = 500


class Together:
    """A database whose transactions are parts of one that is committed now and then."""

    def __init__(self, database: Database, committed: Callable[[], object]) -> None:
        self._database = database
        self._committed = committed
        self._stack = ExitStack()
        self._session: Session | None = None
        self._done = 0

    @contextmanager
    def writing(
        self, *, sealed: bool, durable: bool, flushed: bool = False
    ) -> Iterator[Session]:
        """Be the next part of the open transaction."""
        del sealed, durable, flushed
        with self._part() as session:
            yield session
            session.flush()
        self._done += 1

    def reading(self) -> AbstractContextManager[Session]:
        """Look at what is there, with what the open transaction wrote so far."""
        return self._part()

    @contextmanager
    def _part(self) -> Iterator[Session]:
        if self._session is None:
            opened = self._database.writing(sealed=True, durable=False)
            self._session = self._stack.enter_context(opened)
        try:
            yield self._session
        except BaseException as error:
            self._session = None
            stack, self._stack = self._stack, ExitStack()
            stack.__exit__(type(error), error, error.__traceback__)
            raise
        # The next part reads its rows anew, as it would in a transaction of its own.
        self._session.flush()
        self._session.expunge_all()
        self._session.info.clear()

    def pause(self) -> None:
        """Commit between two use cases, once there is enough."""
        if self._done >= BATCH:
            self.commit()

    def commit(self) -> None:
        """Commit what is open, and tell whoever waits for it."""
        self._session, self._done = None, 0
        stack, self._stack = self._stack, ExitStack()
        stack.close()
        self._committed()

    def tidy(self) -> None:
        """Leave the housekeeping to the database below."""

    def scrub(self) -> bool:
        """Leave deleted rows to the database below."""
        return False

    def close(self) -> None:
        """Commit what is open; the database below stays open."""
        self.commit()
