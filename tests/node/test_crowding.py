"""How often an address may knock at one process, and how many are remembered."""

import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import TooMany
from node import crowding
from node.crowding import KNOCKS, knock

HERE, ELSEWHERE = "203.0.113.9", "198.51.100.8"


class Door(SimpleNamespace):
    """What a knock needs of a node: memory, and a stopwatch set by hand."""

    def __init__(self):
        super().__init__(memory={}, at=1_000.0)

    def monotonic(self):
        return self.at

    def takes(self, address=HERE):
        try:
            knock(self, address)
        except TooMany as refused:
            return -refused.again
        return True


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def full(door):
    assert all(door.takes() is True for _ in range(KNOCKS))
    return door


def test_an_address_knocks_so_often_at_once_and_then_waits(full):
    assert full.takes() == -1
    assert full.takes(ELSEWHERE) is True


def test_who_was_sent_away_loses_nothing_by_asking_again(full):
    assert [full.takes() for _ in range(50)] == [-1] * 50
    full.at += 60 / KNOCKS

    assert (full.takes(), full.takes()) == (True, -1)


def test_after_a_quiet_minute_all_is_as_it_was(full):
    full.at += 60

    assert all(full.takes() is True for _ in range(KNOCKS))
    assert full.takes() == -1


def test_a_clock_that_was_set_back_keeps_nobody_out(full):
    full.at -= 500

    assert full.takes() is True


def test_an_ipv6_address_counts_as_its_block(door):
    for n in range(KNOCKS):
        assert door.takes(f"2001:db8:0:{n % 256:x}::{n:x}") is True

    assert door.takes("2001:db8::1") == -1
    assert door.takes("2001:db8:0:100::1") is True


def test_so_many_addresses_are_remembered_and_no_more(full, monkeypatch):
    monkeypatch.setattr(crowding, "MOST", 3)
    for last in "123":
        full.takes(f"192.0.2.{last}")

    assert full.takes() is True


@given(st.lists(st.floats(0, 40), max_size=12), st.lists(st.integers(0, 900)))
def test_nobody_knocks_more_often_than_the_limit_says(pauses, bursts):
    door, passed = Door(), []
    for pause, burst in zip(pauses, bursts, strict=False):
        door.at += pause
        passed += [door.at for _ in range(burst) if door.takes() is True]

    for n, since in enumerate(passed):
        most = KNOCKS + math.ceil((passed[-1] - since) * KNOCKS / 60) + 1
        assert len(passed) - n <= most
