"""With a link alone: what asks for a code, and the way there and back."""

import re

import pytest

from tests.web.test_pages_files import LETTER, addresses, fetch, send
from tests.web.test_pages_proving import MAIL, code_of


@pytest.fixture
def proven(house):
    """A guest with a file in their case, who proved their address long ago."""
    guest, reference = house.told(contact=MAIL)
    guest.open(f"/cases/{reference}")
    send(guest, f"/cases/{reference}/messages", LETTER, write="Here it is.")
    give(house, guest, reference)
    house.village.pass_time(hours=1)
    return guest, reference


def give(house, guest, reference, status=200):
    """Ask for a code on the page one is led to, and type it."""
    page = f"/cases/{reference}/proof"
    if not guest.path.startswith(page):
        guest.open(page)
    guest.send(page)
    guest.send(f"{page}/code", status, code=code_of(house))


def test_a_file_opens_after_a_code_and_then_by_itself(house, proven):
    guest, reference = proven
    guest.open(f"/cases/{reference}")
    (path,) = addresses(guest)

    guest.open(path)
    assert guest.path.startswith(f"/cases/{reference}/proof?next=")
    assert "To open files, to share it or to erase" in guest.text
    assert "z...e@m...e" in guest.text
    give(house, guest, reference)

    assert guest.path == path
    assert guest.page.data == LETTER[0]
    assert fetch(guest, path).data == LETTER[0]
    guest.open(f"/cases/{reference}/proof")
    assert "You have just shown that it is you." in guest.text


def test_a_wrong_code_still_knows_the_way_back(house, proven):
    guest, reference = proven
    (path,) = addresses(guest) or addresses(opened(guest, f"/cases/{reference}"))
    guest.open(path)
    page = f"/cases/{reference}/proof"
    guest.send(page)
    code = code_of(house)

    guest.send(f"{page}/code", 422, code="000000" if code != "000000" else "1")
    assert "This code is wrong" in guest.text
    guest.send(f"{page}/code", code=code)

    assert guest.path == path


def opened(guest, path):
    guest.open(path)
    return guest


def test_nobody_is_led_out_of_the_house(house, proven):
    guest, reference = proven
    page = f"/cases/{reference}/proof"
    guest.open(f"{page}?next=https://elsewhere.example/")
    assert "elsewhere" not in guest.html
    guest.open(f"{page}?next=//elsewhere.example")
    give(house, guest, reference)

    assert guest.path == f"/cases/{reference}?done=proven"


def test_a_code_is_of_the_browser_it_was_typed_in(house, proven):
    guest, reference = proven
    give(house, guest, reference)
    guest.open(f"/cases/{reference}")
    (path,) = addresses(guest)
    other = house.reader()
    cookie = guest.client.get_cookie(
        "__Secure-folkmoot-case", domain="ash.example", path=f"/cases/{reference}"
    )
    other.open(f"/c/{'.'.join(cookie.value.split('.')[:2])}")

    assert fetch(guest, path).data == LETTER[0]
    assert fetch(other, path, 303).location.startswith(f"/cases/{reference}/proof")


def test_when_it_is_over_the_link_still_opens_its_case(house, proven):
    guest, reference = proven
    give(house, guest, reference)
    guest.open(f"/cases/{reference}")
    (path,) = addresses(guest)
    house.village.pass_time(minutes=15)

    assert fetch(guest, path, 303).location.startswith(f"/cases/{reference}/proof")
    # A form that was open before is still good.
    guest.send(f"/cases/{reference}/messages", write="And one thing more.")
    assert "What you wrote is in your case." in guest.text


def test_a_case_goes_by_a_code_instead_of_its_words(house, proven):
    guest, reference = proven
    page = f"/cases/{reference}/erase/all"
    guest.open(page)
    assert "A link alone does not do this." in guest.text
    assert page not in [form.action for form in guest.forms]
    guest.open(f"/cases/{reference}/erase/0")
    assert "A link alone does not do this." in guest.text

    guest.open(f"/cases/{reference}/proof?next={page}")
    give(house, guest, reference)
    assert guest.path == page
    assert "four words" not in guest.text
    guest.send(page)

    assert f"Nothing of case {reference} is left here" in guest.text


def test_what_is_sent_without_a_code_is_refused_and_shown_the_way(proven):
    guest, reference = proven
    page = f"/cases/{reference}"
    hidden = opened(guest, page).forms[0].values
    tokens = {name: hidden[name] for name in ("csrf", "form_token")}

    for path, typed in (
        ("consents/give", {"what": "handle_case:advocates"}),
        ("public", {"title": "Cold", "text": "Nobody comes."}),
        ("erase/all", {"words": "", "named": ""}),
    ):
        guest.post(f"{page}/{path}", 403, **tokens, **typed)

        assert "case.code-needed" in guest.text
        assert f"{page}/proof" in guest.links
        assert "For this we need a code" in guest.title


def test_sharing_is_offered_after_a_code(house, proven):
    guest, reference = proven
    page = f"/cases/{reference}/consents"
    guest.open(page)
    assert "A link alone does not do this." in guest.text
    give_form = f"{page}/give"
    assert give_form not in [form.action for form in guest.forms]

    guest.open(f"/cases/{reference}/proof?next={page}")
    give(house, guest, reference)

    assert guest.path == page
    assert give_form in [form.action for form in guest.forms]


def test_a_case_is_made_public_by_a_guest_with_a_code(house, proven):
    house.village.connect(house.node)
    guest, reference = proven
    page = f"/cases/{reference}"
    guest.open(page)
    assert f"{page}/public" not in [form.action for form in guest.forms]
    assert f"/cases/{reference}/proof?next={page}" in guest.html

    give(house, guest, reference)
    guest.open(page)
    guest.send(f"{page}/public", title="No heating", text="Who else has none?")

    assert "Your case is public now." in guest.text


def test_who_has_signed_in_is_no_guest_in_their_own_case(house):
    ada = house.member("ada@ash.example")
    ada.open("/tell/1")
    send(ada, "/tell/1", LETTER, text="No heating.")
    ada.send("/tell/2", area="none")
    if ada.path == "/tell/3":
        ada.send("/tell/3", reach="words")
    ada.send("/tell/4", audience="assigned")
    ada.send("/tell/5")
    reference = re.search(r"[A-Z]{2}-[0-9A-Z]{7}", ada.text)[0]
    four = re.search(r'<ol class="four large">(.*?)</ol>', ada.html, re.DOTALL)[1]
    words = " ".join(re.findall(r"<li>(\w+)</li>", four))
    ada.open("/track")
    ada.send("/track", reference=reference, words=words)
    stranger = house.reader()
    stranger.open("/track")
    stranger.send("/track", reference=reference, words=words)

    (path,) = addresses(ada)
    assert fetch(ada, path).data == LETTER[0]
    assert fetch(stranger, path, 303).location.startswith(f"/cases/{reference}/proof")
    # Signed in, what somebody else's link opens is still opened by the link.
    guest, other = house.told()
    cookie = guest.client.get_cookie(
        "__Secure-folkmoot-case", domain="ash.example", path=f"/cases/{other}"
    )
    ada.open(f"/c/{cookie.value}")
    assert ada.path == f"/cases/{other}"
