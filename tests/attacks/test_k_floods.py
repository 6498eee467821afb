"""Floods: whoever sends too much waits, and nobody waits for what others send."""

import pytest

from tests.support.door import refused
from tests.support.knocking import remote_case, stranger
from tests.support.stranger import ACTIVITY, dump

FLOOD = 601


def k1(place):
    """Send more than a node may, well signed: it waits, and others do not."""
    eve, bob = stranger(place), place.followed
    for _ in range(FLOOD - 1):
        assert eve.send(eve.act("Like")).status_code == 202
    assert refused(eve.send(eve.act("Like")), 429, "rate-limit-exceeded")
    assert bob.send(remote_case(bob)).status_code == 202


def k13(place):
    """Knock in the name of another, unsigned or signed by oneself: they never wait."""
    mallory, bob = stranger(place), place.followed
    said = dump(bob.act("Like"))
    by_mallory = mallory.sign(said)
    for n in range(FLOOD):
        fields = by_mallory if n % 2 else [("Content-Type", ACTIVITY)]
        assert mallory.knock(said, fields).status_code in {400, 401, 429}
    assert bob.send(remote_case(bob)).status_code == 202


ROWS = {"K1": k1, "K13": k13}


@pytest.mark.parametrize("row", ROWS)
def test_attack(place, row):
    ROWS[row](place)
