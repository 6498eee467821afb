"""What is left of an activity once it was acted on: no fetch, and no bytes."""

import pytest

from node import jobs
from tests.support.stranger import PUBLIC


@pytest.mark.parametrize("status", [200, 404, 500])
def test_what_is_passed_on_makes_us_ask_nobody(place, eve, status):
    victim = place.stranger()
    about = victim.note()
    victim.put(about["id"], about, status=status)
    named = eve.act("Announce", about["id"])
    whole = eve.act("Announce", victim.act("Create", about, to=[PUBLIC]))

    assert place.take(eve, named, whole) == ["done ignored"] * 2
    for _ in range(jobs.MOST_ATTEMPTS):
        place.village.pass_time(hours=2)
        place.work()

    assert victim.fetched == 0
