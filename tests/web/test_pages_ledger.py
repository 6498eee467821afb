import pytest

from ledger import tiles
from node import log


def receipt_of(house):
    guest, _reference = house.told()
    answer = guest.client.get(f"{guest.path}/file", base_url="https://ash.example")
    house.village.pass_time(minutes=5)
    house.village.work(house.node)
    return answer.text


def test_the_seal_of_today_says_how_many_witnesses_there_are(house):
    receipt_of(house)
    guest = house.reader()

    guest.open("/ledger")

    assert "Seal of today" in guest.text
    assert '<span class="bad">0 witnesses</span>' in guest.html


def test_entries_lead_from_one_to_the_next(house):
    receipt_of(house)
    guest = house.reader()
    guest.open("/ledger/0")
    assert "/ledger/1" in guest.links
    assert "/ledger/-1" not in guest.links

    guest.open("/ledger/1")

    assert {"/ledger/0", "/ledger/2"} <= set(guest.links)


def test_an_entry_that_is_not_there_is_not_found(guest):
    guest.open("/ledger/999999", status=404)
    guest.open("/ledger/first", status=404)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30, 10**300])
def test_an_entry_no_log_has_is_not_found(guest, number):
    guest.open(f"/ledger/{number}", status=404)


def test_the_newest_entry_has_no_next_one(house):
    receipt_of(house)
    guest = house.reader()
    guest.open("/ledger")
    newest = max(int(link.rsplit("/", 1)[1]) for link in entries(guest))

    guest.open(f"/ledger/{newest}")

    assert f"/ledger/{newest + 1}" not in guest.links


def entries(guest):
    return [link for link in guest.links if link.rpartition("/")[2].isdigit()]


def test_how_to_audit_is_explained_with_words_to_type(house, guest):
    guest.open("/ledger/audit")

    assert "python -m ledger verify AM-7KQ2M8V-0.tlog-proof --policy policy.txt" in (
        guest.text
    )
    origin = house.node.settings.origin
    assert f"folkmoot ledger audit {origin}/ledger --policy policy.txt" in guest.text
    needed = {"/ledger/checkpoint", "/ledger/checkpoints", "/ledger/policy"}
    assert needed <= set(guest.links)
    assert "part of Folkmoot" in guest.text


def test_a_true_receipt_passes_all_nine_steps(house):
    text = receipt_of(house)
    guest = house.reader()
    guest.open("/ledger/verify")

    guest.send("/ledger/verify", receipt=text.replace("\n", "\r\n"))

    assert "This receipt is true." in guest.text
    assert guest.html.count('<li><span class="chip') == 9
    assert "0 witnesses" in guest.text


def test_a_changed_receipt_does_not_pass_and_says_where(house):
    text = receipt_of(house)
    guest = house.reader()
    guest.open("/ledger/verify")
    lines = text.split("\n")
    index = int(lines[2].removeprefix("index "))

    guest.send("/ledger/verify", receipt=text.replace(f"index {index}", "index 0"))

    assert "This receipt did not pass." in guest.text
    assert 'class="chip danger"' in guest.html


@pytest.mark.parametrize("text", ["hello", "\x00", "c2sp.org/tlog-proof@v1\n", "é" * 9])
def test_what_is_no_receipt_does_not_pass(guest, text):
    guest.open("/ledger/verify")
    guest.send("/ledger/verify", receipt=text)

    assert "This receipt did not pass." in guest.text


@pytest.mark.parametrize("text", ["", "  \n", "x" * 200_000])
def test_nothing_and_too_much_are_asked_again(guest, text):
    guest.open("/ledger/verify")
    guest.send("/ledger/verify", status=422, receipt=text)

    assert 'href="#receipt"' in guest.html


def test_tiles_of_the_published_tree_are_served_under_their_paths(house):
    receipt_of(house)
    size = log.status(house.node).size
    client = house.reader().client
    wanted = tiles.needed(0, size)
    for path in wanted:
        answer = client.get(f"/ledger/{path}", base_url="https://ash.example")

        assert answer.status_code == 200, path
        assert len(answer.data) == 32 * tiles.parse_path(path).width
        assert "immutable" in answer.headers["Cache-Control"]
    assert wanted
