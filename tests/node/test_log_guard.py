import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from governance.cases import Act, State
from governance.errors import ReadOnly
from node import cases, jobs, log, threads, work
from node.log import guard, names
from node.models.log import LedgerEdge, LedgerHead, LedgerOutbox
from node.threads import Words
from tests.support.cast import moot_on
from tests.support.logs import inside, published, receipts

ROOT = b"r" * 32
SLOT = 68
PATIENCE = 30


def grow(moot, node=None):
    """Let the log grow by one publication."""
    node = node or moot.node
    made = moot.tell()
    moot.village.pass_time(minutes=2)
    log.publish(node, at=node.now())
    return made


def marked(moot):
    return guard.read(guard.path(moot.node))


def restart(moot):
    """Open the same folder again, as `serve` does; return the node and what it says."""
    node = moot.village.open(moot.node.settings)
    return node, log.start_check(node)


def break_guard(moot, *, size=None, root=None):
    """Write a guard that remembers something else."""
    mark = marked(moot)
    guard.path(moot.node).unlink()
    guard.write(moot.node, epoch=1, size=size or mark.size, root=root or mark.root)


def test_every_batch_is_remembered(moot):
    made = moot.tell()
    log.wait(moot.node, made.ticket)

    found = inside(moot.node)
    assert (marked(moot).size, marked(moot).root) == (found.size, found.root)


def test_the_two_slots_are_written_by_turns(moot):
    seen = []
    for _ in range(3):
        grow(moot)
        raw = guard.path(moot.node).read_bytes()
        seen.append((raw[:512], raw[512:]))

    changed = [(a[0] != b[0], a[1] != b[1]) for a, b in pairwise(seen)]
    assert all(changed)
    assert {any(pair) for pair in changed} == {True}


@given(start=st.integers(0, SLOT - 1), data=st.binary(min_size=1, max_size=40))
def test_a_torn_slot_is_ignored_and_the_other_one_counts(start, data, tmp_path_factory):
    path = tmp_path_factory.mktemp("guard") / "ledger.guard"
    node = Folder(path)
    guard.write(node, epoch=1, size=7, root=ROOT)
    guard.write(node, epoch=1, size=8, root=ROOT)
    whole = bytearray(path.read_bytes())
    newest = 0 if guard.read(path).count % 2 == 0 else 512
    torn = whole[:]
    torn[newest + start : newest + start + len(data)] = data

    path.write_bytes(bytes(torn))

    intact = torn[newest : newest + SLOT] == whole[newest : newest + SLOT]
    assert guard.read(path).size == (8 if intact else 7)


class Folder:
    """The only part of a node that its guard needs."""

    def __init__(self, path):
        self.settings = self
        self.data = path.parent


@pytest.mark.parametrize("raw", [b"", b"x" * 10, b"\0" * 1024, b"fmguard1" * 128])
def test_a_guard_that_says_nothing_is_no_guard(tmp_path, raw):
    path = tmp_path / "ledger.guard"
    path.write_bytes(raw)

    assert guard.read(path) is None
    guard.write(Folder(path), epoch=1, size=7, root=ROOT)
    assert guard.read(path).size == 7


@given(sizes=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 50)), max_size=20))
def test_processes_that_take_turns_never_remember_less(sizes, tmp_path_factory):
    path = tmp_path_factory.mktemp("guard") / "ledger.guard"
    processes = [Folder(path), Folder(path)]
    most = 0
    for who, size in sizes:
        guard.write(processes[who], epoch=1, size=size, root=ROOT)
        most = max(most, size)

        assert guard.read(path).size == most


def test_processes_that_write_at_once_remember_the_most(tmp_path):
    path = tmp_path / "ledger.guard"
    both, seen = threading.Barrier(4, timeout=PATIENCE), []

    def write(offset):
        for size in range(1, 400, 4):
            both.wait()
            guard.write(Folder(path), epoch=1, size=size + offset, root=ROOT)
            both.wait()
            seen.append((size + 3, guard.read(path).size))

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(write, range(4)))

    assert [pair for pair in seen if pair[0] != pair[1]] == []


def test_an_unbroken_log_starts(moot):
    grow(moot)

    node, why = restart(moot)

    assert (why, log.read_only(node)) == ("", "")


def test_a_database_that_went_on_after_the_guard_starts(moot):
    grow(moot)
    old = guard.path(moot.node).read_bytes()
    for _ in range(3):
        grow(moot)
    guard.path(moot.node).write_bytes(old)

    assert restart(moot)[1] == ""


def test_a_process_that_starts_while_another_writes_is_not_alarmed(moot):
    grow(moot)
    again, busy = moot.village.open(moot.node.settings), []

    def write(_connection, _cursor, statement, *_rest) -> None:
        if "ledger_edge" in statement and not busy:
            busy.append(moot.tell)
            with ThreadPoolExecutor(1) as elsewhere:
                made = elsewhere.submit(moot.tell).result(PATIENCE)
                elsewhere.submit(log.wait, moot.node, made.ticket).result(PATIENCE)

    # When it has looked at the head, and at nothing else yet.
    event.listen(again.database.engine, "before_cursor_execute", write)

    assert log.start_check(again) == ""
    assert busy


def test_yesterdays_database_is_not_signed_over(tmp_path):
    with moot_on("", tmp_path) as moot:
        home = moot.node.settings.data
        grow(moot)
        moot.node.database.close()
        shutil.copytree(home, tmp_path / "yesterday")
        grow(moot, moot.village.open(moot.node.settings))
        moot.village.close()
        shutil.copy(tmp_path / "yesterday" / "folkmoot.sqlite3", home)

        node, why = restart(moot)
        before = inside(node)
        moot.village.pass_time(days=1)
        work.sweep(node)

        assert why.startswith("ledger.rollback")
        assert inside(node) == before


@pytest.mark.parametrize("which", ["same size", "smaller size"])
def test_another_history_is_not_signed_over(moot, which):
    first = published(moot.node).size
    grow(moot)
    size = inside(moot.node).size
    break_guard(moot, size=size if which == "same size" else first, root=ROOT)

    assert restart(moot)[1].startswith("ledger.fork")


def test_an_edge_that_does_not_give_the_root_is_not_signed_over(moot):
    grow(moot)
    with moot.node.begin() as tx:
        edge = tx.get_one(LedgerEdge, 0)
        edge.data = ROOT + edge.data[32:]

    assert restart(moot)[1].startswith("ledger.edge")


def test_a_head_of_another_size_is_not_signed_over(moot):
    grow(moot)
    with moot.node.begin() as tx:
        tx.get_one(LedgerHead, 1).size += 1

    assert restart(moot)[1].startswith("ledger.edge")


def test_a_node_nobody_founded_has_nothing_to_check(either):
    ash = either.build("https://ash.example")

    assert log.start_check(ash) == ""


@pytest.fixture
def stopped(moot):
    """A community whose log must not go on, with a case on its way."""
    made = moot.tell()
    moot.bring(made, State.WORKING)
    grow(moot)
    break_guard(moot, size=inside(moot.node).size + 100)
    why = log.start_check(moot.node)
    assert why
    return moot, made


def test_what_people_tell_is_still_taken_in_and_waits(stopped):
    moot, _ = stopped
    before = inside(moot.node)

    made = moot.tell(text="Taken in all the same.")
    moot.village.pass_time(days=1)
    work.sweep(moot.node)

    assert log.wait(moot.node, made.ticket, timeout=timedelta(0)) is None
    assert log.wait(moot.node, made.ticket) is None
    assert inside(moot.node) == before
    with moot.node.read() as tx:
        assert made.ticket.oid in tx.scalars(select(LedgerOutbox.oid)).all()
    shown = cases.view(moot.node, made.reference, by=moot.guest(made))
    assert shown.story == "Taken in all the same."


@pytest.mark.parametrize(
    "do",
    [
        lambda moot, made: moot.act(made, Act.RESOLVE, moot["cleo"], text="Done."),
        lambda moot, made: moot.act(made, Act.ASK_MEMBER, moot["cleo"], text="When?"),
        lambda moot, made: moot.act(made, Act.WITHDRAW, moot.guest(made)),
        lambda moot, made: threads.reply(
            moot.node, made.reference, Words(made.case_id, "Hello."), by=moot["cleo"]
        ),
    ],
    ids=["resolve", "ask", "withdraw", "reply"],
)
def test_everything_else_that_is_sealed_is_refused(stopped, do):
    moot, made = stopped
    size = moot.size()

    with pytest.raises(ReadOnly):
        do(moot, made)

    assert moot.size() == size


def test_nobody_is_told_what_is_not_in_the_log(stopped):
    moot, _ = stopped
    moot.tell(contact="ada.lovelace@mailbox.example")

    work.sweep(moot.node)

    assert "ada.lovelace@mailbox.example" not in [to for to, _ in moot.village.mails]
    assert not jobs.waiting(moot.node)


def test_reading_goes_on_and_old_receipts_hold(stopped):
    moot, made = stopped

    raw = receipts(moot.node)[made.reference, 0]

    assert log.check(moot.node, raw).valid
    assert log.checkpoint(moot.node)
    assert cases.view(moot.node, made.reference, by=moot["cleo"]).reference
    assert not work.health(moot.node).ready


def test_without_a_guard_nothing_is_signed_until_somebody_vouches(stopped):
    moot, _ = stopped
    made = moot.tell()
    guard.path(moot.node).unlink()

    node, why = restart(moot)
    assert why.startswith(f"{log.UNGUARDED}: ledger.guard is missing")
    guard.path(moot.node).write_bytes(b"junk")
    why = log.start_check(moot.node)
    assert why.startswith(f"{log.UNGUARDED}: ledger.guard cannot be read")
    assert log.wait(node, made.ticket) is None
    assert log.guard_again(node) == ""
    sealed = log.wait(node, made.ticket)

    assert inside(node).oids[sealed.index] == made.ticket.oid


def test_a_guard_of_an_epoch_that_is_over_stops_nothing(moot):
    grow(moot)
    with moot.node.begin() as tx:
        tx.get_one(LedgerHead, 1).epoch = 2
    names.learn(moot.node, 2)
    break_guard(moot, size=5_000)

    assert restart(moot)[1] == ""
    grow(moot)
    assert (marked(moot).epoch, marked(moot).size) == (2, inside(moot.node).size)


def test_a_guard_of_a_later_epoch_stops_the_log(moot):
    grow(moot)
    guard.write(moot.node, epoch=2, size=1, root=ROOT)

    assert restart(moot)[1].startswith("ledger.rollback")
