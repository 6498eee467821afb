from datetime import UTC, datetime, timedelta
from itertools import chain
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, literal, select

from governance.cases import State
from node import assignments
from node.assignments import Place
from node.models.cases import Case
from node.paging import MANY, PAGE, count


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


def plans(node, look):
    """Return how the database goes about each question in the order of promises."""
    asked = []

    def keep(_conn, _cursor, statement, parameters, *_):
        if "coalesce(" in statement:
            asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        look()
    finally:
        event.remove(Engine, "before_cursor_execute", keep)
    postgres = bool(node.settings.database_url)
    with node.read() as tx:
        cursor = tx.connection().connection.cursor()
        if postgres:
            # So few rows would be read whole; what is asked is whether the index can.
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        for statement, parameters in asked:
            explain = "EXPLAIN" if postgres else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{explain} {statement}", parameters)
            yield [row[-1] for row in cursor.fetchall()]


@pytest.mark.parametrize("who", ["iris", "cleo"])
def test_each_state_is_read_by_its_index_and_never_sorted(moot, who):
    found = list(plans(moot.node, lambda: assignments.desk(moot.node, by=moot[who])))

    for plan in found:
        # Sorted are one's own few cases, and the page that the parts are joined to.
        sorts = [line for line in plan if "Sort  (" in line or "FOR ORDER BY" in line]
        assert len(sorts) <= (2 if plan is found[-1] else 1), plan
        assert [line for line in plan if "ix_case_due" in line]
        assert not [line for line in plan if "Scan on case" in line]
        assert not [line for line in plan if "SCAN case" in line]
    assert len(found) == 2
