"""J4, as everybody reads it: what was promised and not kept."""

import re

import pytest

from governance.pledges import Cause, PledgeKind
from node.misses import misses
from tests.support.clients import app_of
from tests.web.reader import Reader


def tell(moot, number):
    for _ in range(number):
        moot.tell()


@pytest.fixture
def march(moot):
    """A month in which nobody read what twelve people told, on the month after."""
    tell(moot, 12)
    moot.village.pass_time(days=3)
    moot.village.work(moot.node)
    moot.village.pass_time(days=35)
    moot.village.work(moot.node)
    return moot


def reader(moot):
    return Reader(app_of(moot.node))


def test_before_a_month_is_over_there_is_nothing_to_show(moot):
    moot.tell()
    page = reader(moot)

    page.open("/misses/")

    assert "The first month is not over yet." in page.text
    page.open("/misses/2026-03", status=404)


@pytest.mark.capability("1.12")
def test_a_month_says_which_promises_were_missed_and_why(march):
    page = reader(march)

    page.open("/misses/2026-03")

    assert "March 2026" in page.text
    assert "a person answers you" in page.text
    assert "nobody had room for it" in page.text
    shown = misses(march.node)
    at = shown.kinds.index(PledgeKind.FIRST_RESPONSE)
    assert shown.numbers[at][shown.causes.index(Cause.CAPACITY)] == 10
    assert re.search(r"Rounded to five\.", page.text)


def test_few_misses_point_at_nobody(moot):
    tell(moot, 9)
    moot.village.pass_time(days=3)
    moot.village.work(moot.node)
    moot.village.pass_time(days=35)
    page = reader(moot)

    page.open("/misses/2026-03")

    assert "not shown" in page.text
    assert not re.search(r"<td[^>]*>\s*\d", page.html)


def test_a_month_in_which_all_was_kept_says_so(moot):
    moot.tell()
    moot.village.pass_time(days=40)
    page = reader(moot)

    page.open("/misses/")

    assert "Nothing that was due in this month was missed." in page.text


def test_there_are_no_figures_of_what_is_no_month_that_is_over(march):
    for month in ("2026-3", "2026-13", "1999-01", "2026-04", "x"):
        reader(march).open(f"/misses/{month}", status=404)


def test_a_year_of_months_is_in_sight_the_newest_first(march):
    march.village.pass_time(days=500)

    months = misses(march.node).months

    assert len(months) == 12
    assert list(months) == sorted(months, reverse=True)
