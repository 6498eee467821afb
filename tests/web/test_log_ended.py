"""A log that ended, and the one that follows it: under which addresses each is."""

import pytest

from ledger import checkpoint, note
from node import log
from tests.support.cast import moot_on
from tests.support.clients import Browser, app_of
from tests.support.ending import end
from tests.support.rotations import grow
from web.still import pages

WHY = "Its key was <copied>."


@pytest.fixture(scope="module")
def ash(tmp_path_factory):
    with moot_on("", tmp_path_factory.mktemp("ended")) as moot:
        moot.tell()
        grow(moot.village, moot.node)
        end(moot, WHY)
        grow(moot.village, moot.node)
        yield moot.node


@pytest.fixture
def client(ash):
    return Browser(app_of(ash), ash)


def stated(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return checkpoint.parse(note.parse(answer.data).text)


def test_each_log_stands_under_its_own_name(client):
    for place in ("/ledger", "/ledger/2"):
        found = stated(client, f"{place}/checkpoint")
        assert found.origin == f"ash.example{place}"
        tile = client.get(f"{place}/tile/0/000.p/{found.size}")
        assert (tile.status_code, len(tile.data)) == (200, 32 * found.size)
        leaves = client.get(f"{place}/tile/entries/000.p/{found.size}")
        assert "immutable" in leaves.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["checkpoints", "tags?prefix=0", "keys.json"])
def test_what_only_the_log_that_goes_on_has_stands_under_its_name(client, name):
    assert client.get(f"/ledger/2/{name}").status_code == 200
    assert client.get(f"/ledger/3/{name}").status_code == 404


@pytest.mark.parametrize("name", ["checkpoints", "tags?prefix=0"])
def test_of_an_ended_log_that_is_not_shown(client, name):
    answer = client.get(f"/ledger/{name}")

    assert answer.status_code == 404
    assert b"has ended" in answer.data


@pytest.mark.parametrize("epoch", ["0", "1", "01", "3", "99999999999", "-2", "x"])
def test_other_numbers_are_the_addresses_of_nothing(client, epoch):
    assert client.get(f"/ledger/{epoch}/checkpoint").status_code == 404


def test_the_keys_of_the_node_tell_of_the_log_that_ended(client):
    keys = client.get("/ledger/keys.json").json

    [ended] = keys["ended"]
    assert [key.partition("+")[0] for key in keys["log"]] == ["ash.example/ledger/2"]
    assert (ended["origin"], ended["reason"]) == ("ash.example/ledger", WHY)
    assert ended["size"] == stated(client, "/ledger/checkpoint").size


def test_people_see_which_log_ended_and_why(client):
    page = client.get("/ledger").text

    assert "Ledgers before this one" in page
    assert "Its key was &lt;copied&gt;." in page
    assert 'href="/ledger/checkpoint"' in page


def test_the_way_to_audit_leads_to_the_log_that_goes_on(client):
    assert 'href="/ledger/2/checkpoint"' in client.get("/ledger/audit").text
    assert "ash.example/ledger/2" in client.get("/ledger/keys").text


def test_a_copy_for_people_leads_to_both(ash, tmp_path):
    log.publish_to(ash, str(tmp_path), lambda: pages(app_of(ash)))

    page = (tmp_path / "index.html").read_text()
    audit = (tmp_path / "audit.html").read_text()

    assert 'href="checkpoint"' in page
    assert 'href="2/checkpoint"' in audit
    for name in ("checkpoint", "2/checkpoint", "2/checkpoints"):
        assert (tmp_path / name).exists(), name
