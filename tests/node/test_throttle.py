from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from governance.errors import Throttled
from node import throttle
from node.models.throttle import Bucket
from node.throttle import LIMITS
from tests.support.village import Village

REFUSING = [what for what in LIMITS if all(limit.refuses for limit in LIMITS[what])]


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return village.build("https://ash.example")


def keys(what, number=0):
    """Return keys of which each is in a bucket of its own."""
    return [
        f"203.0.113.{number}" if limit.block else f"who-{number}"
        for limit in LIMITS[what]
    ]


def tightest(what):
    return min(LIMITS[what], key=lambda limit: limit.most)


@pytest.mark.parametrize("what", REFUSING)
def test_what_is_within_its_limit_passes_and_the_next_one_waits(ash, what):
    limit = tightest(what)
    for _ in range(limit.most):
        assert throttle.spend(ash, what, *keys(what))

    with pytest.raises(Throttled) as no:
        throttle.spend(ash, what, *keys(what))

    a_token = limit.per / limit.most
    assert timedelta(seconds=no.value.retry_after) >= a_token
    assert timedelta(seconds=no.value.retry_after) - a_token < timedelta(seconds=1)


@pytest.mark.parametrize("what", REFUSING)
def test_whoever_waits_as_told_may_go_on(village, ash, what):
    for _ in range(tightest(what).most):
        throttle.spend(ash, what, *keys(what))
    with pytest.raises(Throttled) as no:
        throttle.spend(ash, what, *keys(what))

    village.pass_time(seconds=no.value.retry_after - 1)
    with pytest.raises(Throttled):
        throttle.spend(ash, what, *keys(what))
    village.pass_time(seconds=1)

    assert throttle.spend(ash, what, *keys(what))


@pytest.mark.parametrize("what", LIMITS)
def test_everybody_has_limits_of_their_own(ash, what):
    for _ in range(tightest(what).most):
        throttle.spend(ash, what, *keys(what, 1))

    assert throttle.spend(ash, what, *keys(what, 2))


def test_a_guests_submission_is_never_refused_only_marked(ash):
    within = [throttle.spend(ash, "submission.guest", "203.0.113.1") for _ in range(12)]

    assert within == [True] * 10 + [False] * 2


def test_everything_that_sends_a_message_shares_one_limit(ash):
    for what in ("sign-in.link", "message.contact", "sign-in.link"):
        throttle.spend(ash, what, "ada", "203.0.113.1")

    with pytest.raises(Throttled):
        throttle.spend(ash, "message.contact", "ada", "203.0.113.2")


def test_a_refusal_costs_nothing(ash):
    for _ in range(3):
        throttle.spend(ash, "sign-in.link", "ada", "203.0.113.1")
    for _ in range(30):
        with pytest.raises(Throttled):
            throttle.spend(ash, "sign-in.link", "ada", "203.0.113.1")

    for number in range(17):
        throttle.spend(ash, "sign-in.link", f"other-{number}", "203.0.113.1")
    with pytest.raises(Throttled):
        throttle.spend(ash, "sign-in.link", "one more", "203.0.113.1")


def test_moving_about_inside_one_block_gains_nothing(ash):
    for number in range(20):
        throttle.spend(ash, "sign-in.code", f"2001:db8:0:1{number:02x}::{number}")

    with pytest.raises(Throttled):
        throttle.spend(ash, "sign-in.code", "2001:db8:0:1ff:1:2:3:4")

    assert throttle.spend(ash, "sign-in.code", "2001:db8:0:200::1")


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_an_address_counts_as_its_block(address, block):
    assert throttle.block(address) == block


@given(st.text(max_size=40))
def test_whatever_a_proxy_says_is_some_block(text):
    assert isinstance(throttle.block(text), str)


def test_two_processes_share_their_buckets(ash):
    def spend(_):
        try:
            return throttle.spend(ash, "sign-in.code", "203.0.113.1")
        except Throttled:
            return False

    with ThreadPoolExecutor(4) as all_of_them:
        passed = sum(all_of_them.map(spend, range(30)))

    assert passed == 20


def test_the_table_names_nobody_and_tomorrow_means_nothing(village, ash):
    throttle.spend(ash, "sign-in.code", "203.0.113.1")
    village.pass_time(days=1)
    throttle.spend(ash, "sign-in.code", "203.0.113.1")

    with ash.read() as tx:
        names = tx.scalars(select(Bucket.bucket)).all()

    assert len(set(names)) == 2
    assert not [name for name in names if b"203" in name]


def test_a_clock_that_is_set_back_takes_nothing_away(village, ash):
    throttle.spend(ash, "sign-in.link", "ada", "203.0.113.1")

    village.pass_time(minutes=-4)
    throttle.spend(ash, "sign-in.link", "ada", "203.0.113.1")

    assert throttle.spend(ash, "sign-in.link", "ada", "203.0.113.1")


def test_the_moment_may_be_said(ash):
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)

    for _ in range(5):
        throttle.spend(ash, "export", "ada", at=noon)

    with pytest.raises(Throttled):
        throttle.spend(ash, "export", "ada", at=noon)


def test_full_buckets_are_forgotten_and_others_stay(village, ash):
    throttle.spend(ash, "api", "old")
    village.pass_time(hours=23)
    throttle.spend(ash, "api", "new")
    village.pass_time(hours=2)

    throttle.forget(ash)

    with ash.read() as tx:
        assert len(tx.scalars(select(Bucket.bucket)).all()) == 1


def test_keys_and_limits_come_in_pairs(ash):
    with pytest.raises(ValueError, match="zip"):
        throttle.spend(ash, "sign-in.link", "ada")
