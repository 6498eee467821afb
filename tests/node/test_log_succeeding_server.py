"""A log that ends on a server, while other processes go on writing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore

import pytest
from sqlalchemy import event, select

from ledger import receipt as receipts
from node import log
from node.core import Collision
from node.models.log import LedgerSeal
from tests.support import logs
from tests.support.cast import moot_on
from tests.support.ending import cited, end, ended

pytestmark = pytest.mark.network
PATIENCE = 30
OLD, NEW = "ash.example/ledger", "ash.example/ledger/2"


@pytest.fixture
def moot(postgres_url, tmp_path):
    with moot_on(postgres_url, tmp_path) as moot:
        log.sequence(moot.node)
        yield moot


@pytest.fixture
def made(moot):
    made = moot.tell()
    log.sequence(moot.node)
    return made


def asks(node, statement):
    """Return what is released once this process says a statement."""
    asked = Semaphore(0)

    def hear(_connection, _cursor, said, *_rest) -> None:
        if said.startswith(statement):
            asked.release()

    event.listen(node.database.engine, "before_cursor_execute", hear)
    return asked


def log_of(node, oid):
    """Return in which log an entry stands, and that its receipt holds."""
    with node.read() as tx:
        found = select(LedgerSeal.case_id, LedgerSeal.seq).where(LedgerSeal.oid == oid)
        case_id, seq = tx.execute(found).one()
        raw = log.receipt(node, tx, case_id, seq)
    assert log.check(node, raw).valid
    return receipts.read(raw).content.entry.log


def test_an_entry_that_is_being_queued_while_the_log_ends_is_still_in_it(moot, made):
    other = moot.village.open(moot.node.settings)
    asked = asks(moot.node, "LOCK TABLE")

    with ThreadPoolExecutor(1) as elsewhere:
        with other.begin(sealed=True) as tx:
            ticket = logs.seal(other, tx, made.case_id)
            ending = elsewhere.submit(end, moot)
            assert asked.acquire(timeout=PATIENCE)
        ending.result(PATIENCE)

    assert log_of(moot.node, ticket.oid) == OLD
    assert list(log.fsck(moot.node)) == []


def test_an_entry_that_waited_for_the_end_is_refused_and_then_in_the_next_log(
    moot, made
):
    other = moot.village.open(moot.node.settings)
    log.origin(other)
    queueing = asks(other, "INSERT INTO ledger_outbox")

    def say():
        with other.begin(sealed=True) as tx:
            return logs.seal(other, tx, made.case_id)

    said = []

    def while_ending(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO ledger_past_entry") and not said:
            said.append(elsewhere.submit(say))

    event.listen(moot.node.database.engine, "before_cursor_execute", while_ending)
    with ThreadPoolExecutor(1) as elsewhere:
        end(moot)
        with pytest.raises(Collision):
            said[0].result(PATIENCE)

    ticket = say()
    log.sequence(other)

    assert queueing.acquire(blocking=False)
    assert log_of(other, ticket.oid) == NEW
    assert list(log.fsck(moot.node)) == []


def test_two_who_end_a_log_end_it_once(moot, made):
    other = moot.village.open(moot.node.settings)
    begun = asks(moot.node, "SELECT pg_advisory_xact_lock")
    request = cited(moot.node)

    def ends(node):
        try:
            return log.succeed(node, request, [], "Lost.")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
            return error

    with ThreadPoolExecutor(2) as elsewhere:
        found = [
            one.result(PATIENCE)
            for one in [elsewhere.submit(ends, node) for node in (moot.node, other)]
        ]

    assert begun.acquire(blocking=False)
    assert sorted(type(one).__name__ for one in found) == ["ChoiceInvalid", "VKey"]
    assert len(log.ended(moot.node)) == 1
    assert ended(moot.node, 2) == []
    assert log_of(moot.node, made.ticket.oid) == OLD
