from datetime import timedelta
from uuid import uuid4

import pytest

from governance.cases import State
from node import cases, insights, threads
from node.threads import Words


def tell(moot, count):
    return [moot.tell() for _ in range(count)]


def answer(moot, made):
    moot.bring(made, State.WORKING)
    words = Words(uuid4(), "An answer.")
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])


@pytest.mark.capability("1.8")
def test_no_figure_below_ten_is_shown(moot):
    tell(moot, 9)
    assert insights.month(moot.node) is None

    tell(moot, 1)

    assert insights.month(moot.node).told == 10


def test_what_is_unanswered_counts_as_slower_than_every_answer(moot):
    made = tell(moot, 20)
    for one in made[:9]:
        answer(moot, one)
    assert insights.month(moot.node).half_within is None
    moot.village.pass_time(hours=3)

    answer(moot, made[9])

    shown = insights.month(moot.node)
    assert shown.answered == 10
    # The tenth of twenty, answered or not: three hours, not the minutes of the nine.
    assert shown.half_within >= timedelta(hours=3)


def test_a_half_that_was_not_answered_yet_is_not_made_up(moot):
    made = tell(moot, 21)
    for one in made[:10]:
        answer(moot, one)

    assert insights.month(moot.node).half_within is None


@pytest.mark.parametrize(
    ("settled", "shown"),
    [(0, (None, 20)), (1, (None, None)), (9, (None, None)), (10, (10, 10)),
     (11, (None, None)), (20, (20, None))],
)  # fmt: skip
def test_a_part_is_shown_only_where_neither_it_nor_the_rest_is_small(
    moot, settled, shown
):
    for made in tell(moot, 20)[:settled]:
        cases.withdraw(moot.node, made.reference, by=moot.guest(made))

    month = insights.month(moot.node)

    assert (month.settled, month.waiting) == shown


def test_only_the_last_thirty_days_count(moot):
    tell(moot, 10)
    moot.village.pass_time(days=31)

    assert insights.month(moot.node) is None
