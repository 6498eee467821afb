from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import delete, select
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


def test_what_was_deleted_leaves_no_trace_in_the_file(village):
    ash = village.build("https://ash.example")
    with ash.begin() as tx:
        put(tx, "canary-7f3a")
    with ash.begin() as tx:
        tx.execute(delete(Area))
    ash.database.close()

    assert b"canary-7f3a" not in ash.database.path.read_bytes()
