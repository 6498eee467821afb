"""Two processes and one log on a server: who leads, and what holds if nobody asks."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256

import pytest
from sqlalchemy import event, text

from node import log
from node.core import Collision
from node.log import names
from node.models.log import LedgerOutbox
from tests.support.cast import moot_on
from tests.support.logs import inside, queue, queued, require_whole, words

pytestmark = pytest.mark.network
PATIENCE = 30
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"


@pytest.fixture
def moot(postgres_url, tmp_path):
    """A community on a server, with nothing waiting for its index."""
    with moot_on(postgres_url, tmp_path) as moot:
        log.sequence(moot.node)
        yield moot


def stranger_to(moot):
    """Open the same log as somebody who asks for another lock than all others."""
    other = moot.village.open(moot.node.settings)

    def ask_for_another(_connection, _cursor, said, given, *_rest):
        if "pg_advisory_xact_lock" in said:
            return "SELECT pg_advisory_xact_lock(7)", {}
        return said, given

    engine = other.database.engine
    event.listen(engine, "before_cursor_execute", ask_for_another, retval=True)
    return other


def before(node, statement, do):
    """Do something once, just before this process says a statement."""
    done = []

    def hear(_connection, _cursor, said, *_rest) -> None:
        if said.startswith(statement) and not done:
            done.append(said)
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(do).result(PATIENCE)

    event.listen(node.database.engine, "before_cursor_execute", hear)
    return done


def held(node):
    with node.read() as tx:
        return tx.scalar(text(HELD))


def test_the_lock_is_the_beginning_of_the_hash_of_the_logs_name(moot):
    digest = sha256(b"ash.example/ledger").digest()

    assert names.lock(moot.node).to_bytes(8, signed=True) == digest[:8]


def test_whoever_sequences_leads_until_the_batch_is_done(moot):
    other, seen = moot.village.open(moot.node.settings), []
    queue(moot.node, b"one")
    before(moot.node, "DELETE FROM ledger_outbox", lambda: seen.append(held(other)))

    log.sequence(moot.node)

    assert seen == [1]
    assert held(other) == 0


def test_who_comes_second_waits_for_the_leader_and_goes_on_from_there(moot):
    other, later = moot.village.open(moot.node.settings), []
    queue(moot.node, b"one")
    with ThreadPoolExecutor(1) as elsewhere:
        asked = before(
            moot.node,
            "DELETE FROM ledger_outbox",
            lambda: later.append(elsewhere.submit(log.sequence, other)),
        )
        given = log.sequence(moot.node)

        assert (given, later[0].result(PATIENCE)) == (1, 0)
    assert asked
    require_whole(other)


def test_who_was_overtaken_writes_nothing_and_goes_on_from_the_new_end(moot):
    # The lock of another log keeps nobody out: only the head does.
    other = stranger_to(moot)
    queue(moot.node, b"one")

    def overtake():
        log.sequence(other)
        queue(other, b"two")

    before(moot.node, "DELETE FROM ledger_outbox", overtake)

    with pytest.raises(Collision):
        log.sequence(moot.node)
    assert queued(moot.node) == 1
    assert log.sequence(moot.node) == 1

    assert words(inside(moot.node))[-2:] == [b"one", b"two"]
    require_whole(moot.node)


def test_without_any_lock_sequencers_at_once_change_only_speed(moot):
    nodes = [moot.node, stranger_to(moot)]

    def work(one):
        node = nodes[one % 2]
        queue(node, b"%d" % one)
        with suppress(Collision):
            log.sequence(node)

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(work, range(24)))
    while queued(moot.node):
        log.sequence(moot.node)
    queue(moot.node, b"last")
    log.sequence(moot.node)

    found = inside(moot.node)
    assert sorted(words(found)[-25:]) == sorted(
        [b"%d" % n for n in range(24)] + [b"last"]
    )
    require_whole(moot.node)


def test_a_batch_that_collides_is_named_as_one_and_leaves_no_row(moot):
    # Many rows go to a server as one stream, whose errors are those of any statement.
    many = [b"%d" % one for one in range(200)]
    other = stranger_to(moot)
    queue(moot.node, b"one")

    def overtake():
        log.sequence(other)
        queue(other, *many)

    before(moot.node, "DELETE FROM ledger_outbox", overtake)
    size = inside(moot.node).size

    with pytest.raises(Collision):
        log.sequence(moot.node)

    assert inside(moot.node).size == size + 1
    assert log.sequence(moot.node) == len(many)
    assert words(inside(moot.node))[-200:] == many


def test_a_stream_keeps_bytes_and_numbers_and_what_is_left_out(moot):
    leaves = [bytes([n % 256]) * (n % 48 + 1) for n in range(300)]
    with moot.node.begin(sealed=True) as tx:
        tx.add_all(LedgerOutbox(leaf=leaf) for leaf in leaves)
    start = inside(moot.node).size
    moot.village.pass_time(minutes=2)

    size = log.publish(moot.node, at=moot.node.now())

    found = inside(moot.node)
    end = start + len(leaves)
    first = found.oids[start]
    assert found.leaves[start:end] == leaves
    assert found.oids[start:end] == list(range(first, first + len(leaves)))
    assert found.oids[end:] == [None] * (size - end)
    assert size > end
