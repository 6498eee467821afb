import fcntl
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from node.core import Collision, Unready
from node.ids import new_id
from node.models.areas import Area
from tests.support.village import Village

PATIENCE = 30
BROKEN = (
    "CREATE TRIGGER broken BEFORE UPDATE ON flush_mark "
    "BEGIN SELECT RAISE(ABORT, 'disk'); END"
)


@pytest.fixture
def ash(village):
    return village.build("https://ash.example")


@pytest.fixture
def writer(ash):
    return ash.database._writer  # noqa: SLF001 - whether it flushed shows nowhere else


def put(tx, code):
    tx.add(Area(code=code, name=code))


def codes(node):
    with node.read() as tx:
        return set(tx.scalars(select(Area.code)))


def number(writer):
    """Return the number that the commit of whoever has the writer will get."""
    return writer._sequence + 1  # noqa: SLF001 - as above


def flushed(writer, mine):
    return writer._flushed >= mine  # noqa: SLF001 - as above


class Waiting:
    """Somebody whose commit waits for the flush of whoever comes behind."""

    def __init__(self, node, writer):
        self.node, self.writer = node, writer
        self.durable = None
        self.refused = None

    def begin(self, code):
        before = self.writer._sequence  # noqa: SLF001 - to know that they wait
        self.thread = threading.Thread(target=self._write, args=(code,))
        self.writer._waiting += 1  # noqa: SLF001 - as if somebody stood behind them
        self.thread.start()
        while self.writer._sequence == before:  # noqa: SLF001 - as above
            assert self.thread.is_alive()
        self.writer._waiting -= 1  # noqa: SLF001 - who now comes, and flushes for both

    def _write(self, code):
        try:
            with self.node.begin() as tx:
                mine = number(self.writer)
                put(tx, code)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.refused = type(error)
        else:
            self.durable = flushed(self.writer, mine)

    def finish(self):
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture
def waiting(ash, writer, monkeypatch):
    monkeypatch.setattr("node.writer._PATIENCE", PATIENCE)
    return Waiting(ash, writer)


def fail(_tx):
    raise LookupError("a refusal of some rule")


def same_again(tx):
    tx.execute(text("UPDATE area SET name = name"))


def a_key_that_is_there(tx):
    put(tx, "first")
    tx.flush()


FLUSHERS = {
    "writes": lambda tx: put(tx, "last"),
    "rolls back": fail,
    "changes nothing": lambda _tx: None,
    "only looks": lambda tx: tx.scalar(select(func.count()).select_from(Area)),
    "updates a row to what it was": same_again,
    "hits a unique key": a_key_that_is_there,
}


@pytest.mark.parametrize("flusher", FLUSHERS)
def test_nobody_returns_before_a_flush_that_covers_them(ash, waiting, flusher):
    waiting.begin("first")
    with suppress(LookupError, Collision), ash.begin() as tx:
        FLUSHERS[flusher](tx)
    waiting.finish()

    assert waiting.durable
    assert "first" in codes(ash)


def test_whoever_waits_in_vain_flushes_for_themselves(ash, writer, monkeypatch):
    waiting = Waiting(ash, writer)
    monkeypatch.setattr("node.writer._PATIENCE", 0.01)

    waiting.begin("first")
    waiting.finish()

    assert waiting.durable


@pytest.mark.parametrize(
    "flusher", ["rolls back", "changes nothing", "updates a row to what it was"]
)
def test_a_flush_for_others_always_changes_a_page(ash, flusher):
    with ash.begin(sealed=True) as tx:
        put(tx, "cheap")
    log = ash.database.path.with_name("folkmoot.sqlite3-wal")
    before = log.stat().st_size

    with suppress(LookupError), ash.begin() as tx:
        FLUSHERS[flusher](tx)

    assert log.stat().st_size > before


def test_a_sealed_turn_returns_before_the_flush(ash, writer):
    with ash.begin(sealed=True) as tx:
        mine = number(writer)
        put(tx, "cheap")
    before = flushed(writer, mine)

    with ash.begin() as tx:
        put(tx, "dear")

    assert (before, flushed(writer, mine)) == (False, True)


def test_a_row_that_may_be_forgotten_waits_for_nobody(ash, writer):
    with ash.begin(durable=False) as tx:
        mine = number(writer)
        put(tx, "bucket")

    assert not flushed(writer, mine)


def break_flush(tx):
    tx.execute(text(BROKEN))


def break_commit(tx):
    put(tx, "second")
    raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))


@pytest.mark.parametrize("broken", [break_flush, break_commit])
def test_who_waited_for_a_disk_that_failed_is_told_so(ash, waiting, broken):
    if broken is break_flush:
        with ash.begin(sealed=True) as tx:
            broken(tx)
    waiting.begin("first")
    with pytest.raises(Unready), ash.begin() as tx:
        put(tx, "second") if broken is break_flush else broken(tx)
    waiting.finish()

    assert (waiting.durable, waiting.refused) == (None, Unready)


def test_after_a_failed_flush_the_next_one_works_for_what_comes_after(ash, writer):
    with ash.begin() as tx:
        tx.execute(text(BROKEN))
    with ash.begin(sealed=True) as tx:
        doubtful = number(writer)
        put(tx, "cheap")
    with pytest.raises(Unready), ash.begin() as tx:
        put(tx, "dear")

    with ash.begin(sealed=True) as tx:
        certain = number(writer)
        tx.execute(text("DROP TRIGGER broken"))
    with ash.begin() as tx:
        put(tx, "again")

    assert flushed(writer, certain)
    assert "again" in codes(ash)
    writer._wait(certain)  # noqa: SLF001 - somebody who was slow to look
    with pytest.raises(Unready):
        writer._wait(doubtful)  # noqa: SLF001 - as above


def test_a_crowd_loses_nothing_and_each_is_durable_on_return(ash, writer):
    def write(one):
        cheap = one % 3 == 0
        with ash.begin(sealed=cheap) as tx:
            mine = number(writer)
            put(tx, f"{one:03}")
            if one % 7 == 0:
                raise LookupError
        return cheap or flushed(writer, mine)

    def try_to_write(one):
        with suppress(LookupError):
            return write(one)
        return True

    with ThreadPoolExecutor(8) as crowd:
        durable = list(crowd.map(try_to_write, range(120)))

    assert all(durable)
    assert codes(ash) == {f"{one:03}" for one in range(120) if one % 7}


def test_the_log_is_moved_into_the_file_once_it_is_long(ash):
    log = ash.database.path.with_name("folkmoot.sqlite3-wal")
    for _ in range(18):
        with ash.begin(sealed=True) as tx:
            put(tx, str(new_id(ash)))
            tx.flush()
            tx.execute(text("UPDATE area SET name = zeroblob(1000000)"))
            tx.execute(text("DELETE FROM area"))

    long = log.stat().st_size
    ash.database.tidy()
    with ash.begin() as tx:
        put(tx, "next")

    assert long > 4000 * 4096
    assert log.stat().st_size == long
    assert codes(ash) == {"next"}


def grow(node, times):
    """Write megabytes into the log, in so many transactions."""
    for _ in range(times):
        with node.begin(sealed=True) as tx:
            put(tx, str(new_id(node)))
            tx.flush()
            tx.execute(text("UPDATE area SET name = zeroblob(1000000)"))
            tx.execute(text("DELETE FROM area"))


@pytest.fixture
def hasty(monkeypatch):
    """As if eight megabytes were too long for a log."""
    monkeypatch.setattr("node.writer._OVERDUE_AT", 8_000_000)


@pytest.mark.usefixtures("hasty")
def test_who_writes_without_end_shortens_the_log_themselves(ash):
    log = ash.database.path.with_name("folkmoot.sqlite3-wal")

    grow(ash, 40)

    assert log.stat().st_size < 12_000_000
    with ash.begin() as tx:
        put(tx, "last")
    assert codes(ash) == {"last"}


@pytest.mark.usefixtures("hasty")
def test_what_somebody_still_reads_stays_until_they_are_done(ash):
    log = ash.database.path.with_name("folkmoot.sqlite3-wal")
    with ash.begin() as tx:
        put(tx, "old")
    with ash.database.reading() as tx:
        assert set(tx.scalars(select(Area.code))) == {"old"}
        grow(ash, 20)
        assert set(tx.scalars(select(Area.code))) == {"old"}
    long = log.stat().st_size

    grow(ash, 40)

    # It begins from the front again, and grows no more.
    assert long > 18_000_000
    assert log.stat().st_size < long + 12_000_000


@pytest.mark.usefixtures("hasty")
def test_a_log_that_cannot_be_shortened_ends_nobody_s_work(ash, writer, monkeypatch):
    grow(ash, 4)

    def broken(connection):
        if connection.in_transaction():
            return connection.connection.driver_connection
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr("node.writer._driver", broken)
        patch.setattr(writer, "_overdue_at", 0)
        patch.setattr(writer, "_level", "FULL")
        with ash.begin(flushed=True) as tx:
            put(tx, "first")
    with ash.begin() as tx:
        put(tx, "second")

    assert codes(ash) == {"first", "second"}


def test_a_short_log_is_left_alone(ash):
    with ash.begin() as tx:
        put(tx, "one")
    before = ash.database.path.read_bytes()

    ash.database.tidy()

    assert ash.database.path.read_bytes() == before


def test_a_restart_finds_everything(village: Village, ash):
    with ash.begin(sealed=True) as tx:
        put(tx, "cheap")
    with ash.begin() as tx:
        put(tx, "dear")
    ash.database.close()

    again = village.open(ash.settings)

    assert codes(again) == {"cheap", "dear"}


def test_from_its_first_statement_a_writer_keeps_other_programs_out(ash):
    shell = sqlite3.connect(ash.database.path, timeout=0)
    with ash.begin() as tx:
        tx.scalar(select(func.count()).select_from(Area))

        with pytest.raises(sqlite3.OperationalError, match="locked"):
            shell.execute("UPDATE flush_mark SET n = 0")
    shell.close()


def test_who_writes_holds_the_lock_that_all_processes_share(ash):
    with (ash.settings.data / "write.lock").open("w") as lock:
        with ash.begin(), pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
