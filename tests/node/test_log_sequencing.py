from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from node import log
from node.log import guard, sequencing
from node.log.sequencing import MOST, tail
from tests.support.cast import moot_on
from tests.support.logs import inside, queue, queued, require_whole, seal

SHORT = timedelta(seconds=1)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("seal"), st.integers(1, 5)),
        st.tuples(st.just("queue"), st.integers(1, 140)),
        st.sampled_from([("sequence", 0), ("publish", 0), ("restart", 0)]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=20, deadline=None)
@given(steps)
def test_however_it_grows_edge_tiles_and_leaves_give_one_root(steps):
    with TemporaryDirectory() as home, moot_on("", Path(home)) as moot:
        node, made = moot.node, moot.tell()
        for what, number in steps:
            if what == "seal":
                with node.begin(sealed=True) as tx:
                    for _ in range(number):
                        seal(node, tx, made.case_id)
            elif what == "queue":
                queue(node, *(b"%d" % one for one in range(number)))
            elif what == "sequence":
                log.sequence(node)
            elif what == "publish":
                moot.village.pass_time(minutes=2)
                log.publish(node, at=node.now())
            else:
                node = moot.village.open(node.settings)
            require_whole(node)
        log.sequence(node)

        require_whole(node)
        assert queued(node) == 0


def test_leaves_get_their_indexes_in_the_order_they_were_queued(moot):
    queue(moot.node, b"one", b"two")
    queue(moot.node, b"three")

    given = log.sequence(moot.node)

    found = inside(moot.node)
    assert given >= 3
    assert [leaf[1:].strip() for leaf in found.leaves[-3:]] == [
        b"one",
        b"two",
        b"three",
    ]
    assert queued(moot.node) == 0


def test_sequencing_again_changes_nothing(moot):
    queue(moot.node, b"one")
    log.sequence(moot.node)
    before = inside(moot.node)

    assert log.sequence(moot.node) == 0
    assert inside(moot.node) == before


def test_a_long_queue_is_worked_off_in_batches(moot):
    log.sequence(moot.node)
    queue(moot.node, *(b"%d" % one for one in range(MOST + 3)))

    batches = [log.sequence(moot.node) for _ in range(3)]

    assert batches == [MOST, 3, 0]
    require_whole(moot.node)


def test_sequencers_at_once_use_no_index_twice(moot):
    others = [moot.node, moot.village.open(moot.node.settings)]

    def work(one):
        node = others[one % 2]
        queue(node, b"%d" % one)
        log.sequence(node)

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(work, range(24)))

    require_whole(moot.node)
    found = inside(moot.node)
    assert {leaf[1:].strip() for leaf in found.leaves} >= {
        b"%d" % one for one in range(24)
    }
    assert queued(moot.node) == 0


def test_a_sequencer_that_remembers_an_older_end_reads_it_again(moot):
    other = moot.village.open(moot.node.settings)
    queue(moot.node, b"one")
    log.sequence(moot.node)
    queue(other, b"two")
    log.sequence(other)
    queue(moot.node, b"three")

    log.sequence(moot.node)

    require_whole(moot.node)


def test_a_restart_goes_on_where_the_log_ended(moot):
    queue(moot.node, b"before")
    log.sequence(moot.node)
    queue(moot.node, b"queued")
    size = inside(moot.node).size

    again = moot.village.open(moot.node.settings)
    why = log.start_check(again)
    log.sequence(again)

    assert why == ""
    assert inside(again).size == size + 1
    require_whole(again)


@pytest.mark.parametrize("table", ["ledger_head", "ledger_edge"])
def test_a_batch_that_fails_leaves_nothing_and_is_done_later(tmp_path, table):
    with moot_on("", tmp_path) as moot:
        node = moot.node
        log.sequence(node)
        before = inside(node)
        with node.begin() as tx:
            tx.execute(
                text(
                    f"CREATE TRIGGER broken BEFORE UPDATE ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'disk'); END"
                )
            )
        queue(node, b"one")
        with pytest.raises(Exception, match="disk"):
            log.sequence(node)
        after, left = inside(node), queued(node)

        with node.begin() as tx:
            tx.execute(text("DROP TRIGGER broken"))
        log.sequence(node)

        assert (after, left) == (before, 1)
        assert inside(node).size == before.size + 1
        require_whole(node)


def test_a_guard_that_cannot_be_written_loses_nothing(moot, monkeypatch):
    def fail(*_args, **_named):
        raise OSError("disk")

    queue(moot.node, b"one")
    with monkeypatch.context() as broken:
        broken.setattr(guard, "write", fail)
        with pytest.raises(OSError, match="disk"):
            log.sequence(moot.node)
    queue(moot.node, b"two")

    log.sequence(moot.node)

    require_whole(moot.node)


def test_whoever_waits_learns_the_index_and_the_seal(moot):
    made = moot.tell()

    sealed = log.wait(moot.node, made.ticket)

    found = inside(moot.node)
    assert found.oids[sealed.index] == made.ticket.oid
    c = made.ticket.c.hex()
    assert sealed.seal == f"#{sealed.index} {c[:4]} {c[4:8]}"


def test_waiting_again_gives_the_same_also_after_a_restart(moot):
    made = moot.tell()

    first = log.wait(moot.node, made.ticket)
    tail(moot.node).indexes.clear()
    again = log.wait(moot.node, made.ticket)
    restarted = log.wait(moot.village.open(moot.node.settings), made.ticket)

    assert first == again == restarted


def test_what_another_process_sequenced_is_found(moot):
    made = moot.tell()
    other = moot.village.open(moot.node.settings)
    log.sequence(other)

    assert log.wait(moot.node, made.ticket) == log.wait(other, made.ticket)


def test_everybody_who_waits_at_once_learns_their_own_index(moot):
    made = [moot.tell() for _ in range(6)]

    with ThreadPoolExecutor(6) as crowd:
        sealed = list(crowd.map(lambda one: log.wait(moot.node, one.ticket), made))

    found = inside(moot.node)
    assert [found.oids[one.index] for one in sealed] == [one.ticket.oid for one in made]


def test_nobody_waits_for_ever(moot):
    made = moot.tell()

    class Clock:
        seconds = 0.0

        def __call__(self):
            Clock.seconds += 0.4
            return Clock.seconds

    impatient = moot.village.open(moot.node.settings)
    object.__setattr__(impatient, "monotonic", Clock())
    unknown = log.Ticket(made.ticket.oid + 1000, made.case_id, 99, b"c" * 32)

    assert log.wait(impatient, unknown, timeout=SHORT) is None


def test_a_process_does_not_remember_without_end(moot, monkeypatch):
    monkeypatch.setattr(sequencing, "_REMEMBERED", 5)
    for _ in range(4):
        queue(moot.node, b"one", b"two", b"three")
        log.sequence(moot.node)

    assert len(tail(moot.node).indexes) <= 8
