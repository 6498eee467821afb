import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from node.core import Unready
from node.ids import new_id
from node.models.areas import Area
from tests.support.village import Village

PATIENCE = 30
#: What a disk that failed is to everybody above.
BROKEN_DISK = Unready
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


class Queue:
    """Somebody who holds the writer while others line up behind."""

    def __init__(self, node, writer):
        self.node, self.writer = node, writer
        self.threads = []
        self.durable = {}
        self.refused = []

    def line_up(self, name, body):
        before = self.writer._waiting  # noqa: SLF001 - to know that they stand there
        thread = threading.Thread(target=self._take_turn, args=(name, body))
        thread.start()
        self.threads.append(thread)
        while self.writer._waiting == before:  # noqa: SLF001 - as above
            assert thread.is_alive()

    def _take_turn(self, name, body):
        try:
            with self.node.begin() as tx:
                mine = number(self.writer)
                body(tx)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.refused.append(error)
        else:
            self.durable[name] = flushed(self.writer, mine)

    def finish(self):
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.fixture
def queue(ash, writer):
    return Queue(ash, writer)


def fail(_tx):
    raise LookupError("a refusal of some rule")


def same_again(tx):
    tx.execute(text("UPDATE flush_mark SET n = n"))


def a_key_that_is_there(tx):
    put(tx, "first")


FLUSHERS = {
    "writes": lambda tx: put(tx, "last"),
    "rolls back": fail,
    "changes nothing": lambda _tx: None,
    "only looks": lambda tx: tx.scalar(select(func.count()).select_from(Area)),
    "updates a row to what it was": same_again,
    "hits a unique key": a_key_that_is_there,
}


@pytest.mark.parametrize("flusher", FLUSHERS)
def test_nobody_returns_before_a_flush_that_covers_them(ash, queue, flusher):
    with ash.begin() as tx:
        put(tx, "first")
        queue.line_up("second", lambda tx: put(tx, "second"))
        queue.line_up("third", FLUSHERS[flusher])
    queue.finish()

    assert queue.durable["second"]
    assert {"first", "second"} <= codes(ash)


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


def test_when_the_flush_fails_nobody_is_told_that_all_is_well(ash, queue):
    with ash.begin() as tx:
        tx.execute(text(BROKEN))

    with ash.begin():
        queue.line_up("second", lambda tx: put(tx, "second"))
        queue.line_up("third", lambda tx: put(tx, "third"))
    queue.finish()

    assert queue.durable == {}
    assert len(queue.refused) == 2
    assert all(isinstance(error, BROKEN_DISK) for error in queue.refused)


def test_who_waited_for_a_disk_that_failed_is_told_so(ash, queue):
    def fail(tx):
        put(tx, "third")
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    with ash.begin():
        queue.line_up("second", lambda tx: put(tx, "second"))
        queue.line_up("third", fail)
    queue.finish()

    assert queue.durable == {}
    assert [type(error) for error in queue.refused] == [Unready, Unready]


def test_after_a_failed_flush_the_next_one_works(ash, writer):
    with ash.begin() as tx:
        tx.execute(text(BROKEN))
    with ash.begin(sealed=True) as tx:
        mine = number(writer)
        put(tx, "cheap")
    with pytest.raises(BROKEN_DISK), ash.begin() as tx:
        put(tx, "dear")
    failed = flushed(writer, mine)

    with ash.begin(sealed=True) as tx:
        tx.execute(text("DROP TRIGGER broken"))
    with ash.begin() as tx:
        put(tx, "again")

    assert (failed, flushed(writer, mine)) == (False, True)
    assert {"cheap", "again"} <= codes(ash)


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
