import pytest

from tests.support.neighbours import street
from tests.support.stranger import Stranger
from tests.web.abroad import reader

PEERS = "/admin/peers"


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


def test_what_a_limited_server_sent_is_counted_until_it_is_like_any_other(lane):
    dov = reader(lane.birch, lane.stewards["birch"].person_id)
    eve = Stranger(lane.village, lane.birch)
    page = f"{PEERS}/cedar.example"
    dov.open(page)
    dov.send(page, mode="limited", why="It is loud.", days="7")
    assert "kept aside." not in dov.text

    for _ in range(2):
        assert eve.send(eve.act("Like")).status_code == 202
    dov.open(page)
    assert "2 messages of this server are kept aside." in dov.text

    dov.send(page, mode="open", why="")
    assert "kept aside." not in dov.text
