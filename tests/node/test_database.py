import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from node import database
from node.core import Collision, Unready, outside
from node.models.areas import Area
from node.models.people import ContactPoint
from node.models.rules import Rules
from node.settings import BadSetting
from tests.support.village import MONDAY

PATIENCE = 30


@pytest.fixture
def ash(either):
    return either.build("https://ash.example")


def put(tx, code):
    tx.add(Area(code=code, name=code))


def codes(node):
    with node.read() as tx:
        return set(tx.scalars(select(Area.code)))


def leave_half(node):
    with node.begin() as tx:
        put(tx, "half")
        tx.flush()
        tx.info["ring"] = True
        raise LookupError("a refusal of some rule")


def put_both(node, *both):
    with node.begin() as tx:
        for one in both:
            put(tx, one)
            tx.flush()


def write_while_reading(node):
    with node.read() as tx:
        put(tx, "by a reader")


def nest(first, second):
    with first(), second():
        """Nobody gets here."""


def test_what_was_begun_is_whole_or_is_not_there(ash):
    with ash.begin() as tx:
        put(tx, "whole")
    with pytest.raises(LookupError):
        leave_half(ash)

    assert codes(ash) == {"whole"}


def test_the_next_transaction_works_after_one_that_was_given_up(ash):
    with pytest.raises(LookupError):
        leave_half(ash)

    with ash.begin() as tx:
        put(tx, "next")

    assert codes(ash) == {"next"}


@pytest.mark.parametrize("outer", ["begin", "read"])
@pytest.mark.parametrize("inner", ["begin", "read"])
def test_transactions_do_not_nest(ash, outer, inner):
    with pytest.raises(RuntimeError, match="do not nest"):
        nest(getattr(ash, outer), getattr(ash, inner))

    with ash.begin() as tx:
        put(tx, "afterwards")
    assert codes(ash) == {"afterwards"}


@pytest.mark.parametrize("kind", ["begin", "read"])
def test_the_network_is_refused_inside_a_transaction_and_free_after_it(ash, kind):
    with (
        getattr(ash, kind)(),
        pytest.raises(RuntimeError, match="inside a transaction"),
    ):
        outside()

    outside()


def test_mail_is_refused_inside_a_transaction(either, ash):
    with ash.begin(), pytest.raises(RuntimeError, match="inside a transaction"):
        ash.mail.send("ada@ash.example", b"")

    assert either.mails == []


def test_two_nodes_of_one_process_may_have_a_transaction_each_in_turn(village):
    ash, birch = (village.build(f"https://{name}.example") for name in ("ash", "birch"))
    with ash.begin() as tx:
        put(tx, "ash")

    assert (codes(ash), codes(birch)) == ({"ash"}, set())


def test_a_key_that_is_taken_is_a_collision_and_nothing_is_written(ash):
    with ash.begin() as tx:
        put(tx, "taken")

    with pytest.raises(Collision):
        put_both(ash, "beside", "taken")

    assert codes(ash) == {"taken"}


def test_other_broken_promises_of_the_schema_are_no_collision(ash):
    with pytest.raises(IntegrityError), ash.begin() as tx:
        tx.add(Rules(version=1, identity="r", document=None, since=MONDAY))

    with pytest.raises(IntegrityError), ash.begin() as tx:
        tx.execute(
            ContactPoint.__table__.insert(),
            {"id": UUID(int=1), "person_id": UUID(int=1), "kind": "email", "value": b"",
             "digest": b"", "created_at": MONDAY},
        )  # fmt: skip


def test_a_reader_sees_one_moment_and_waits_for_nobody(ash):
    with ThreadPoolExecutor(1) as elsewhere, ash.read() as tx:
        before = set(tx.scalars(select(Area.code)))
        elsewhere.submit(write_one, ash, "new").result(PATIENCE)
        after = set(tx.scalars(select(Area.code)))

    assert (before, after) == (set(), set())
    assert codes(ash) == {"new"}


def write_one(node, code):
    with node.begin() as tx:
        put(tx, code)


def test_a_reader_goes_on_while_somebody_writes(ash):
    with ThreadPoolExecutor(1) as elsewhere, ash.begin() as tx:
        put(tx, "unfinished")
        tx.flush()

        assert elsewhere.submit(codes, ash).result(PATIENCE) == set()


def test_who_only_looks_cannot_write(ash):
    with pytest.raises((Unready, DBAPIError)):
        write_while_reading(ash)

    assert codes(ash) == set()


def test_a_ring_follows_the_commit_and_only_where_work_was_left(ash):
    rung = []
    node = replace(ash, ring=lambda: rung.append(codes(ash)))

    with node.begin() as tx:
        put(tx, "silent")
    with pytest.raises(LookupError):
        leave_half(node)
    with node.begin() as tx:
        put(tx, "loud")
        tx.info["ring"] = True

    assert rung == [{"silent", "loud"}]


def test_concurrent_writers_lose_nothing(ash):
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda one: write_one(ash, f"{one:02}"), range(64)))

    assert codes(ash) == {f"{one:02}" for one in range(64)}


def test_counting_up_together_counts_everybody(ash):
    with ash.begin() as tx:
        tx.add(Area(code="sum", name="0"))

    def count(_):
        with ash.begin() as tx:
            row = tx.get_one(Area, "sum", with_for_update=True)
            row.name = str(int(row.name) + 1)

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(count, range(40)))

    with ash.read() as tx:
        assert tx.get_one(Area, "sum").name == "40"


def test_two_databases_on_one_folder_share_the_work(either, ash):
    other = either.open(ash.settings)

    with ThreadPoolExecutor(8) as crowd:
        list(
            crowd.map(
                lambda one: write_one(other if one % 2 else ash, f"{one:02}"), range(60)
            )
        )

    assert codes(ash) == codes(other) == {f"{one:02}" for one in range(60)}


ANOTHER_PROCESS = """
import sys
from pathlib import Path
from node import database
from node.models.areas import Area

url, folder, name = sys.argv[1:]
found = database.connect(url, Path(folder), lambda: 0.0)
for number in range(50):
    with found.writing(sealed=number % 2 == 0, durable=True) as tx:
        tx.add(Area(code=f"{name}-{number}", name=name))
found.close()
"""


def test_processes_that_write_at_once_lose_nothing(ash):
    words = [ash.settings.database_url, str(ash.settings.data)]
    others = [
        subprocess.Popen([sys.executable, "-c", ANOTHER_PROCESS, *words, name])  # noqa: S603 - our own words
        for name in ("one", "two")
    ]

    for number in range(50):
        write_one(ash, f"here-{number}")

    assert [other.wait(PATIENCE) for other in others] == [0, 0]
    assert codes(ash) == {
        f"{name}-{number}" for name in ("one", "two", "here") for number in range(50)
    }


def test_instants_are_kept_to_the_millisecond_in_utc(ash):
    paris = timezone(timedelta(hours=1))
    moments = [
        datetime(2026, 3, 2, 11, 0, 0, 123_999, tzinfo=paris),
        datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
    ]

    with ash.begin() as tx:
        for number, at in enumerate(moments):
            tx.add(Rules(version=number, identity=str(number), document="", since=at))
    with ash.read() as tx:
        kept = tx.scalars(select(Rules.since).order_by(Rules.version)).all()

    assert kept == [datetime(2026, 3, 2, 10, 0, 0, 123_000, tzinfo=UTC), moments[1]]
    assert {at.tzinfo for at in kept} == {UTC}


@pytest.mark.parametrize("url", ["mysql://localhost/folkmoot", "postgresql:/x", "x"])
def test_other_engines_are_refused_with_a_sentence(tmp_path, url):
    with pytest.raises(BadSetting, match="FOLKMOOT_DATABASE_URL"):
        database.connect(url, tmp_path, lambda: 0.0)


def test_nothing_connects_before_it_is_asked(tmp_path):
    found = database.connect("", tmp_path, lambda: 0.0)

    found.close()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.network
@pytest.mark.enable_socket
def test_cheap_commits_of_postgresql_do_not_wait_for_its_flush(on_postgres):
    ash = on_postgres.build("https://ash.example")
    asked = []

    for how in ({}, {"sealed": True}, {"durable": False}):
        with ash.begin(**how) as tx:
            asked.append(tx.scalar(text("SHOW synchronous_commit")))

    assert asked == ["on", "off", "off"]


@pytest.mark.network
@pytest.mark.enable_socket
def test_a_deadlock_is_a_collision(on_postgres):
    ash = on_postgres.build("https://ash.example")
    write_one(ash, "a")
    write_one(ash, "b")
    met, told = threading.Barrier(2, timeout=PATIENCE), []

    def cross(first, second):
        try:
            with ash.begin() as tx:
                tx.get_one(Area, first, with_for_update=True)
                met.wait()
                tx.get_one(Area, second, with_for_update=True)
        except Collision:
            told.append(first)

    with ThreadPoolExecutor(2) as crowd:
        list(crowd.map(cross, "ab", "ba"))

    assert len(told) == 1


def test_what_was_deleted_leaves_no_trace_in_the_file(village):
    ash = village.build("https://ash.example")
    with ash.begin() as tx:
        put(tx, "canary-7f3a")
    with ash.begin() as tx:
        tx.execute(delete(Area))
    ash.database.close()

    assert b"canary-7f3a" not in ash.database.path.read_bytes()
