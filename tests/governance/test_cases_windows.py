from datetime import UTC, datetime, timedelta

import pytest

from governance.cases import Outcome, may_appeal, may_reopen, may_restore
from tests.governance.documents import bylaws

RULES = bylaws(
    {
        "/params/cases/reopen_days": 60,
        "/params/cases/appeal_days": 80,
        "/params/cases/restore_days": 20,
    }
).cases
ENDED = datetime(2026, 3, 1, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
ENDLESS = {Outcome.UNREACHABLE, Outcome.JOINED}


def after(days):
    return ENDED + timedelta(days=days)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - ENDLESS))
def test_a_closed_case_comes_back_within_its_days(outcome):
    assert may_reopen(ENDED, outcome, at=after(60), rules=RULES)
    assert not may_reopen(ENDED, outcome, at=after(60) + INSTANT, rules=RULES)
    assert may_appeal(ENDED, outcome, at=after(80), rules=RULES)
    assert not may_appeal(ENDED, outcome, at=after(80) + INSTANT, rules=RULES)


@pytest.mark.parametrize("outcome", sorted(ENDLESS))
def test_whoever_was_not_reached_or_joined_comes_back_any_time(outcome):
    assert may_reopen(ENDED, outcome, at=after(9999), rules=RULES)
    assert may_appeal(ENDED, outcome, at=after(9999), rules=RULES)


def test_what_was_discarded_comes_back_within_its_days():
    assert may_restore(ENDED, at=after(20), rules=RULES)
    assert not may_restore(ENDED, at=after(20) + INSTANT, rules=RULES)
