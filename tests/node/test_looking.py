"""One look: what a page reads is of one moment, and written down before it is shown."""

from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import func, select

from governance.cases import State
from governance.errors import NotFound
from node import cases, database
from node.models.access import Access
from node.models.cases import Case
from tests.support.members import Statements


def total(node, model):
    with node.read() as tx:
        return tx.scalar(select(func.count()).select_from(model))


def meanwhile(do):
    """Do something as somebody else does, while this goes on."""
    thread = Thread(target=do)
    thread.start()
    thread.join()


def test_all_that_a_look_reads_is_of_one_moment(moot):
    moot.tell()
    with moot.node.look():
        before = total(moot.node, Case)
        meanwhile(moot.tell)
        assert total(moot.node, Case) == before

    assert total(moot.node, Case) == before + 1


def test_the_case_the_rules_and_the_key_are_read_once_in_a_look(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    guest = moot.guest(made)
    with moot.node.look(), Statements(moot.node) as said:
        cases.view(moot.node, made.reference, by=guest)
        first = len(said)
        cases.view(moot.node, made.reference, by=guest)

    again = said[first:]
    for asked in ('FROM "case"', "FROM rules", "FROM content_key"):
        assert [one for one in said[:first] if asked in one], asked
        assert not [one for one in again if asked in one], asked


def test_somebody_else_finds_no_case_that_was_read_before_in_the_same_look(moot):
    made, other = moot.tell(), moot.tell()
    with moot.node.look():
        cases.view(moot.node, made.reference, by=moot.guest(made))
        with pytest.raises(NotFound):
            cases.view(moot.node, made.reference, by=moot.guest(other))


def test_that_somebody_looked_is_written_when_the_look_is_over(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    with moot.node.look():
        cases.view(moot.node, made.reference, by=moot["cleo"])
        assert total(moot.node, Access) == 0

    assert total(moot.node, Access) == 1


def test_what_is_missed_is_written_although_the_look_failed(moot):
    with pytest.raises(NotFound), moot.node.look():
        cases.view(moot.node, "AS-0000000", by=moot["cleo"])

    assert total(moot.node, Access) == 1


def test_where_it_cannot_be_written_the_look_fails(moot):
    def fail():
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"), moot.node.look():
        moot.node.afterwards(fail)


def test_outside_a_look_it_is_written_at_once(moot):
    done = []

    moot.node.afterwards(lambda: done.append("written"))

    assert done == ["written"]


def test_nothing_is_written_inside_a_look(moot):
    with (
        moot.node.look(),
        pytest.raises(RuntimeError, match="do not nest"),
        moot.node.begin(),
    ):
        pass


def test_a_look_inside_a_look_is_the_same_one(moot):
    done = []
    with moot.node.look():
        with moot.node.look():
            moot.node.afterwards(lambda: done.append("written"))
        assert done == []

    assert done == ["written"]


def test_a_look_at_one_node_shows_nothing_of_it_to_another(moot, tmp_path):
    elsewhere = database.Sqlite(tmp_path, moot.node.monotonic)
    other = replace(moot.node, database=elsewhere)
    with (
        moot.node.look(),
        pytest.raises(RuntimeError, match="do not nest"),
        other.read(),
    ):
        pass
    elsewhere.close()
