"""What becomes of a case, through the pages of its member and of stewards."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from tests.support import members
from tests.web.conftest import tell

WHY = "A court asked us to keep it."


@pytest.fixture
def closed(house):
    """A guest whose case is closed, its reference, and the four words."""
    guest, reference = house.told()
    words = " ".join(re.findall(r"<li>(\w+)</li>", four(guest.html)))
    house.village.pass_time(minutes=2)
    guest.open(f"/cases/{reference}/withdraw")
    guest.send(f"/cases/{reference}/withdraw")
    return guest, f"/cases/{reference}", words


def four(html):
    return re.search(r'<ol class="four.*?</ol>', html, re.DOTALL)[0]


@pytest.fixture
def stewards(house):
    members.join(house.node, "sam@ash.example", "steward")
    return house.member("dov@ash.example"), house.member("sam@ash.example")


def test_the_page_of_a_case_leads_to_what_becomes_of_it(closed):
    guest, case, _ = closed
    guest.open(case)

    guest.open(next(link for link in guest.links if link == f"{case}/keep"))

    assert "You have not chosen yet." in guest.text


def test_an_open_case_says_when_it_is_asked(house):
    guest, reference = house.told()

    guest.open(f"/cases/{reference}/keep")

    assert "When it is closed, you choose" in guest.text
    assert 'name="choice"' not in guest.html


def test_kept_is_said_with_the_day_it_is_asked_about_again(house, closed):
    guest, case, _ = closed
    guest.open(f"{case}/keep")
    guest.send(f"{case}/keep", choice="keep", words="")

    assert "You agreed that we keep it." in guest.text
    year = (house.node.now() + timedelta(days=365)).year
    assert str(year) in guest.text


def hidden(reader, case):
    form = next(one for one in reader.forms if one.action == f"{case}/keep")
    return {name: it for name, it in form.values.items() if name != "words"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [({}, "Choose what becomes of it"), ({"choice": "burn"}, "Choose what becomes")],
)
def test_a_choice_that_is_none_comes_back_with_the_form(closed, typed, said):
    guest, case, _ = closed
    guest.open(f"{case}/keep")
    guest.post(f"{case}/keep", 422, **hidden(guest, case), words="", **typed)

    assert said in guest.text


def test_a_link_alone_takes_no_name_away(closed):
    guest, case, _ = closed
    guest.open(f"{case}/keep")
    guest.send(f"{case}/keep", 422, choice="nameless", words="four other words here")

    assert "These are not the four words of this case" in guest.text
    guest.open(case)


@pytest.mark.parametrize(
    ("choice", "said"),
    [("nameless", "Your name is gone from it"), ("delete", "It is erased")],
)
def test_what_goes_is_gone_for_whoever_has_the_link(closed, choice, said):
    guest, case, words = closed
    guest.open(f"{case}/keep")
    guest.send(f"{case}/keep", choice=choice, words=words)

    assert said in guest.text
    guest.open(f"{case}/keep")
    assert guest.title.startswith("Sign in")


def test_a_case_rests_and_goes_on(closed):
    guest, case, _ = closed
    guest.open(f"{case}/keep")
    guest.send(f"{case}/rest", rest="yes")
    assert "It rests since" in guest.text

    guest.send(f"{case}/rest", rest="no")

    assert "Your case goes on." in guest.text
    guest.send(f"{case}/rest", 422, rest="maybe")
    assert "Press one of the buttons" in guest.text


def test_a_hold_needs_two_stewards_and_its_member_reads_it(house, closed, stewards):
    (dov, sam), (guest, case, words) = stewards, closed
    dov.open("/admin/holds")
    assert "No case is held." in dov.text
    until = (house.node.now() + timedelta(days=90)).date()
    sent = {"reference": case.split("/")[-1], "reason": WHY, "until": str(until)}
    dov.send("/admin/holds", **sent)
    assert "Waits for a second person" in dov.text

    sam.open("/admin/holds")
    number = re.search(r"/admin/holds/([0-9a-f-]{36})", sam.html)[1]
    sam.send(f"/admin/holds/{number}", agree="yes")
    assert "agreed." in sam.text

    guest.open(f"{case}/keep")
    assert WHY in guest.text
    guest.send(f"{case}/keep", 409, choice="delete", words=words)
    assert "holds this case for legal reasons" in guest.text
    sam.send(f"/admin/holds/{number}", agree="no")
    guest.open(f"{case}/keep")
    guest.send(f"{case}/keep", choice="delete", words=words)
    assert "It is erased" in guest.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reference": "AS-1234567"}, "There is no such case"),
        ({"reason": " "}, "Say why"),
        ({"until": "2031-01-01"}, "within a year"),
        ({"until": "tomorrow"}, "Choose a day"),
    ],
)
def test_what_is_no_hold_comes_back_with_every_word(house, stewards, changed, said):
    dov, _ = stewards
    _, reference = house.told()
    until = (house.node.now() + timedelta(days=9)).date()
    sent = {"reference": reference, "reason": WHY, "until": str(until), **changed}
    dov.open("/admin/holds")
    dov.send("/admin/holds", 422, **sent)

    assert said in dov.text
    assert sent["reason"].strip() in dov.html


def test_a_hold_of_ones_own_waits_for_the_other(house, stewards):
    dov, _ = stewards
    _, reference = house.told()
    until = (house.node.now() + timedelta(days=9)).date()
    dov.open("/admin/holds")
    sent = {"reference": reference, "reason": WHY, "until": str(until)}
    dov.send("/admin/holds", **sent)
    dov.send("/admin/holds", 409, **sent)

    assert "Another steward must agree" in dov.text


def test_others_hold_nothing(house):
    house.member("cleo@ash.example").open("/admin/holds", 403)
    assert "hold" not in house.reader().open("/admin/holds").lower()


@pytest.fixture
def brought(house):
    """A member whose closed case has a file, and its address."""
    reader = house.member("ada@ash.example")
    tell(reader)
    case = f"/cases/{re.search(r'[A-Z]{2}-[0-9A-Z]{7}', reader.text)[0]}"
    reader.open(case)
    form = next(one for one in reader.forms if one.action == f"{case}/messages")
    note = [(BytesIO(b"A note."), "note.txt", "text/plain")]
    typed = {**form.values, "write": "See this.", "files": note}
    reader.post(f"{case}/messages", 200, **typed)
    reader.open(f"{case}/withdraw")
    reader.send(f"{case}/withdraw")
    return reader, case


def test_the_page_says_when_files_go_and_keeps_them_on_request(brought):
    reader, case = brought
    reader.open(f"{case}/keep")
    assert "Its 1 file goes on" not in reader.text
    reader.send(f"{case}/keep", choice="keep", words="")
    assert "Its 1 file goes on" in reader.text

    reader.send(f"{case}/keep", choice="keep", files="yes", words="")

    assert "Its 1 file is kept as long as the case." in reader.text
    form = next(one for one in reader.forms if one.action == f"{case}/keep")
    assert form.values["files"] == "yes"
    reader.open(f"{case}/consents")
    assert "with its files" in reader.text


def test_what_went_stands_on_the_page_and_nothing_can_be_kept_any_more(house, brought):
    reader, case = brought
    reader.open(f"{case}/keep")
    reader.send(f"{case}/keep", choice="keep", words="")
    for _ in range(20):
        house.village.pass_time(days=10)
        house.village.work(house.node)

    reader = house.member("ada@ash.example")
    reader.open(case)
    assert "let 1 file go" in reader.text
    assert "note.txt" not in reader.text
    reader.open(f"{case}/keep")
    assert "Its 1 file" not in reader.text
    assert 'name="files"' not in reader.html


def test_a_word_that_is_none_about_files_is_refused(brought):
    reader, case = brought
    reader.open(f"{case}/keep")
    form = next(one for one in reader.forms if one.action == f"{case}/keep")
    typed = {**form.values, "choice": "keep", "files": "some"}
    reader.post(f"{case}/keep", 422, **typed)
