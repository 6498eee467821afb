import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import audit
from tests.ledger.test_note import code_of

ROOT = bytes(range(32))


@given(st.integers(1, 10**6), st.integers(0, 50))
def test_samples_are_rows_that_there_are(rows, count):
    found = audit.samples(ROOT, rows, count)

    assert len(found) == count
    assert all(0 <= one < rows for one in found)
    assert found == audit.samples(ROOT, rows, count)


def test_another_root_picks_other_rows():
    assert audit.samples(ROOT, 10**9, 5) != audit.samples(bytes(32), 10**9, 5)
    assert len(set(audit.samples(ROOT, 10**9, 20))) == 20


def test_nothing_is_picked_from_nothing():
    assert audit.samples(ROOT, 0, 20) == []


@pytest.mark.parametrize("asked", [(b"", 1, 1), (ROOT, -1, 1), (ROOT, 1, -1)])
def test_what_cannot_be_asked_is_refused(asked):
    assert code_of(audit.samples, *asked) == "samples"


def test_the_seed_is_the_designs():
    # Computed apart from this code, with Python's hashlib alone.
    assert audit.samples(ROOT, 1000, 3) == [182, 272, 122]
