"""The one value every use case gets first, and the door to its transactions.

Nothing outside the database is touched while a transaction is open: whoever talks
to the network calls `outside` first.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from federation.fetch import Network
from node.errors import Collision, Unready
from node.keys import Keys
from node.settings import Settings

__all__ = ["Collision", "Database", "Mailer", "Node", "Unready", "once", "outside"]

_T = TypeVar("_T")
_open: ContextVar[bool] = ContextVar("a transaction is open", default=False)
#: The transaction that all reads of one look share.
_shared: ContextVar[Session | None] = ContextVar("one look", default=None)
#: What such a transaction knows besides: whose it is, what was read, what is owed.
_OF, _READ, _OWED = "of", "read", "owed"


class Database(Protocol):
    """What a node needs of its database."""

    def writing(
        self, *, sealed: bool, durable: bool, flushed: bool = False
    ) -> AbstractContextManager[Session]:
        """Open a transaction that writes."""

    def reading(self) -> AbstractContextManager[Session]:
        """Open a transaction that only looks and never waits for a writer."""

    def tidy(self) -> None:
        """Do the housekeeping the engine leaves to us. Safe to call at any time."""

    def scrub(self) -> bool:
        """Overwrite what the engine keeps of deleted rows; False if not just now."""

    def close(self) -> None:
        """Let go of every connection."""


class Mailer(Protocol):
    """Hands one message to a relay."""

    def send(self, to: str, message: bytes) -> None:
        """Hand over a whole message; raises OSError when the relay did not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One community's node, as everything above the database sees it."""

    settings: Settings
    database: Database
    keys: Keys
    #: None when no relay is set: mail is then not promised to anybody.
    mail: Mailer | None
    network: Network
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    dice: Callable[[int], bytes]
    ring: Callable[[], None]
    #: What one process keeps in memory; losing it loses nothing.
    memory: dict[str, object] = field(default_factory=dict)

    @contextmanager
    def begin(
        self, *, sealed: bool = False, durable: bool = True, flushed: bool = False
    ) -> Iterator[Session]:
        """Open the transaction of a use case: it commits whole, or leaves nothing.

        `sealed` is the cheap commit for what queues a ledger entry and waits for the
        sequencer; `durable=False` is for rows a power cut may forget; `flushed` is for
        what must be on disk before anybody can see it, such as a signed head.
        """
        opened = self.database.writing(sealed=sealed, durable=durable, flushed=flushed)
        with _alone(), opened as tx:
            yield tx
        if tx.info.get("ring"):
            self.ring()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that only looks."""
        shared = self._shared()
        if shared is not None:
            yield shared
            return
        with _alone(), self.database.reading() as tx:
            yield tx

    @contextmanager
    def look(self) -> Iterator[None]:
        """Let all that is read inside be of one moment, and read only once.

        What is to be written of it is written as soon as it is over: before whoever
        asked gets anything of what was read.
        """
        if self._shared() is not None:
            yield
            return
        owed: list[Callable[[], None]] = []
        try:
            with self.read() as tx:
                tx.info.update({_OF: self.database, _READ: {}, _OWED: owed})
                token = _shared.set(tx)
                try:
                    yield
                finally:
                    _shared.reset(token)
        finally:
            for write in owed:
                write()

    def afterwards(self, write: Callable[[], None]) -> None:
        """Write something once the look is over; at once where there is none."""
        shared = self._shared()
        if shared is None:
            write()
        else:
            shared.info[_OWED].append(write)

    def _shared(self) -> Session | None:
        tx = _shared.get()
        return tx if tx is not None and tx.info[_OF] is self.database else None


def once(tx: Session, key: Hashable, read: Callable[[], _T]) -> _T:
    """Return what was read before in the same look; read it anywhere else."""
    known: dict[Hashable, _T] | None = tx.info.get(_READ)
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    return known[key]


@contextmanager
def _alone() -> Iterator[None]:
    if _open.get():
        raise RuntimeError("transactions do not nest: pass tx on instead")
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def outside() -> None:
    """Raise if a transaction is open: the network is never touched inside one."""
    if _open.get():
        raise RuntimeError("the network is not touched inside a transaction")
