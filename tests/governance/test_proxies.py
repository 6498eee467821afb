"""Acting for somebody: their own yes, half an hour, and nobody else's."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from governance.errors import ChoiceInvalid
from governance.proxies import LASTS, ProxyOver, check_agreed, check_beside, is_over

BEN, CLEO = UUID(int=1), UUID(int=2)
ENDS = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_it_begins_with_their_own_word():
    check_agreed(agreed=True)

    with pytest.raises(ChoiceInvalid):
        check_agreed(agreed=False)


def test_it_lasts_half_an_hour():
    assert timedelta(minutes=30) == LASTS


@pytest.mark.parametrize(
    ("ended", "at", "over"),
    [
        (None, ENDS - timedelta(seconds=1), False),
        (None, ENDS, True),
        (ENDS - timedelta(minutes=5), ENDS - timedelta(minutes=4), True),
    ],
)
def test_it_is_over_when_it_was_ended_or_its_time_came(ended, at, over):
    assert is_over(ENDS, ended, at=at) is over


@pytest.mark.parametrize(
    ("by", "over", "refused"),
    [(BEN, False, False), (BEN, True, True), (CLEO, False, True), (None, False, True)],
)
def test_only_who_began_it_acts_and_only_in_its_time(by, over, refused):
    if not refused:
        check_beside(by, BEN, over=over)
        return
    with pytest.raises(ProxyOver):
        check_beside(by, BEN, over=over)
