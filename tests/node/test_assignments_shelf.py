from datetime import UTC, datetime, timedelta
from itertools import chain
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import literal, select

from governance.cases import State
from node import assignments
from node.assignments import Place
from node.models.cases import Case
from node.paging import MANY, PAGE, count
from tests.support.plans import plans, reads_all, sorts


def walk(moot, who, between=lambda: None):
    """Return every page of somebody's desk, in order."""
    pages, after = [], None
    while True:
        desk = assignments.desk(moot.node, by=moot[who], after=after)
        pages.append([line.reference for line in desk.lines])
        if desk.end is None:
            return pages
        after = desk.end
        between()


def test_a_long_desk_comes_in_pages_and_nothing_twice(moot):
    told = [moot.tell().reference for _ in range(PAGE + 1)]

    first, second = walk(moot, "iris")

    assert (first + second, len(second)) == (told, 1)


def test_a_page_that_is_full_and_the_last_has_nothing_after_it(moot):
    for _ in range(PAGE):
        moot.tell()

    assert [len(page) for page in walk(moot, "iris")] == [PAGE]


def test_what_comes_in_meanwhile_moves_no_line_to_another_page(moot):
    told = [moot.tell().reference for _ in range(PAGE + 2)]

    pages = walk(moot, "iris", between=moot.tell)

    assert list(chain(*pages))[: len(told)] == told


def test_what_has_no_promise_comes_last(moot):
    bare, other = moot.tell(), moot.tell()
    with moot.node.begin() as tx:
        tx.get_one(Case, bare.case_id).next_due_at = None

    assert walk(moot, "iris") == [[other.reference, bare.reference]]


def test_what_is_ones_own_and_waits_as_well_stands_there_once(moot):
    mine, waiting = moot.tell(), moot.tell()
    moot.bring(mine, State.WORKING)
    moot.bring(waiting, State.QUEUED)

    (page,) = walk(moot, "cleo")

    assert sorted(page) == sorted([mine.reference, waiting.reference])


@given(
    st.integers(0, 10**15 - 1),
    st.integers(0, 10**14 - 1),
    st.uuids(),
)
def test_a_place_is_read_as_it_was_written(due, received, id_):
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=received)
    place = Place(due, moment, UUID(int=id_.int))

    assert Place.read(str(place)) == place


ID = "0" * 32


@pytest.mark.parametrize(
    "typed",
    [
        "", "1-1", f"1-1-{ID}0", f"1-1-{ID[1:]}", f"-1-1-{ID}", f"1-1-{'g' * 32}",
        f"{'9' * 16}-1-{ID}", f"1-{'9' * 15}-{ID}", f"1-1-{ID}\n",
        f"\N{ARABIC-INDIC DIGIT ONE}-1-{ID}",
    ],
)  # fmt: skip
def test_what_is_no_place_is_none(typed):
    assert Place.read(f"1-1-{ID}") is not None
    assert Place.read(typed) is None


@pytest.mark.parametrize("more", [0, 1, 500])
def test_more_than_a_thousand_are_not_counted_one_by_one(moot, more):
    one = select(literal(1).label("n")).cte("many", recursive=True)
    following = select(one.c.n + 1).where(one.c.n < MANY + more)
    with moot.node.read() as tx:
        found = count(tx, select(one.union_all(following).c.n))

    assert found == min(MANY + more, MANY + 1)


@pytest.mark.parametrize("who", ["iris", "cleo"])
def test_each_state_is_read_by_its_index_and_never_sorted(moot, who):
    def look():
        return assignments.desk(moot.node, by=moot[who])

    (page,) = plans(moot.node, look, "coalesce(")

    # Sorted is the page that the parts are joined to.
    assert len(sorts(page)) == 1, page
    assert [line for line in page if "ix_case_due" in line]
    assert [line for line in page if "ix_case_mine" in line]
    assert not reads_all(page)


@pytest.mark.parametrize("who", ["iris", "cleo"])
def test_what_lies_there_is_counted_by_its_indexes(moot, who):
    def look():
        return assignments.desk(moot.node, by=moot[who])

    (plan,) = plans(moot.node, look, "count(")

    assert not reads_all(plan), plan
    assert not sorts(plan), plan
