import re
from contextlib import suppress

import pytest

from governance.errors import Throttled
from node import throttle
from tests.web.conftest import STORY, tell


def test_only_the_story_is_needed(house):
    guest, reference = house.told()

    assert guest.path.startswith("/receipt/")
    assert reference in guest.text


def test_the_story_is_asked_for_when_it_is_missing(guest):
    guest.open("/tell/1")
    guest.send("/tell/1", status=422, text="  ")

    assert guest.title.startswith("Error:")
    assert guest.html.index('id="problems"') < guest.html.index("<h1")
    assert 'href="#text"' in guest.html
    assert 'aria-invalid="true"' in guest.html


def test_every_typed_word_stands_there_again_after_an_error(guest):
    typed = {"text": "\n<b>Cold & dark</b>\n", "wanted": "Heat", "cost": "amount"}
    guest.open("/tell/1")
    guest.send("/tell/1", status=422, **typed, amount="lots", currency="GBP")

    form = next(form for form in guest.forms if form.action == "/tell/1")
    shown = {name: form.values[name] for name in typed}
    assert shown == typed
    assert form.values["amount"] == "lots"
    assert "<b>Cold" not in guest.html


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({"cost": "amount", "amount": "120,50", "currency": "GBP"}, "120.50"),
        ({"cost": "quantity", "quantity": "12", "unit": "hours"}, "12 hours"),
        ({"cost": "days", "days": "1"}, "1 day"),
        ({"cost": "days", "days": "3"}, "3 days"),
        ({"cost": "none", "days": "3"}, "Nothing, or you do not know"),
    ],
)
def test_what_it_cost_is_shown_before_it_is_sent(guest, typed, shown):
    guest.open("/tell/1")
    guest.send("/tell/1", text=STORY, **typed)
    guest.send("/tell/2", area="none")
    guest.send("/tell/3", reach="words")
    guest.send("/tell/4", audience="assigned")

    assert shown in guest.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"cost": "amount", "amount": ""}, "amount"),
        ({"cost": "amount", "amount": "-3"}, "amount"),
        ({"cost": "quantity", "quantity": "3", "unit": " "}, "unit"),
        ({"cost": "days", "days": "x"}, "days"),
        ({"cost": "gold"}, "cost"),
    ],
)
def test_a_cost_that_is_none_is_named(guest, typed, field):
    guest.open("/tell/1")
    guest.send("/tell/1", status=422, text=STORY, **typed)

    assert f'href="#{field}"' in guest.html
    assert f'id="{field}"' in guest.html


@pytest.mark.parametrize(
    ("step", "typed", "field"),
    [
        (2, {}, "place"),
        (3, {}, "reach"),
        (3, {"reach": "contact"}, "contact"),
        (3, {"reach": "contact", "contact": "nobody"}, "contact"),
        (3, {"reach": "contact", "contact": "12"}, "contact"),
        (4, {}, "audience"),
        (4, {"audience": "everybody"}, "audience"),
    ],
)
def test_each_step_says_what_is_missing(guest, step, typed, field):
    begin(guest, until=step)

    guest.send(f"/tell/{step}", status=422, **typed)

    assert f'href="#{field}"' in guest.html
    assert f'id="{field}"' in guest.html


def test_nobody_can_send_before_every_step_is_done(guest):
    begin(guest, until=2)

    guest.open("/tell/5")

    assert guest.path == "/tell/2"


def test_back_keeps_what_was_typed_even_if_it_is_not_right_yet(guest):
    begin(guest, until=3)
    guest.send("/tell/3", go="back", reach="contact", contact="almost")
    assert guest.path == "/tell/2"

    guest.open("/tell/3")

    assert 'value="almost"' in guest.html


def test_everything_can_be_changed_before_it_is_sent(guest):
    begin(guest, until=5)
    assert [f"/tell/{step}" for step in range(1, 5)] == sorted(
        {link for link in guest.links if link.startswith("/tell/")} - {"/tell/5"}
    )

    guest.open("/tell/1")
    guest.send("/tell/1", text="Something else happened.")
    guest.open("/tell/5")

    assert "Something else happened." in guest.text
    assert STORY not in guest.text


def test_finish_later_gives_a_link_that_opens_it_elsewhere(house, guest):
    link = later(guest)

    phone = house.reader()
    phone.open(link)
    phone.send(link)
    phone.open("/tell/2")

    assert 'value="12 Elm Street"' in phone.html


def test_looking_at_the_link_takes_nothing_over(house, guest):
    link, scanner = later(guest), house.reader()
    scanner.open(link)
    scanner.open("/tell/1")
    assert STORY not in scanner.html

    guest.open("/tell/2")

    assert 'value="12 Elm Street"' in guest.html


def test_who_sent_the_link_reads_nothing_that_is_typed_after_it_was_opened(
    house, guest
):
    link, phone = later(guest), house.reader()
    phone.open(link)
    phone.send(link)
    phone.send("/tell/1", text="A secret.")

    guest.open("/tell/1")
    assert "A secret." not in guest.html
    guest.open(link, status=404)


def test_a_link_asks_before_it_takes_the_place_of_something_begun(house, guest):
    link, phone = later(guest), house.reader()
    begin(phone, until=1)
    phone.send("/tell/1", text="Something else.")

    phone.open(link)
    asked = "You have begun something here already." in phone.text
    phone.open("/tell/1")
    assert "Something else." in phone.html
    phone.open(link)
    phone.send(link)

    assert asked
    assert STORY in phone.html


def test_a_link_in_the_browser_it_was_made_in_asks_nothing_more(guest):
    link = later(guest)

    guest.open(link)
    assert "You have begun something" not in guest.text
    guest.send(link)

    assert STORY in guest.html


def test_a_link_pressed_twice_goes_on_as_if_it_were_pressed_once(house, guest):
    link, phone = later(guest), house.reader()
    phone.open(link)
    values = next(form.values for form in phone.forms if form.action == link)

    phone.post(link, **values)
    phone.post(link, **values)

    assert STORY in phone.html
    guest.open(link, status=404)


def test_a_link_that_was_never_given_out_opens_nothing(guest):
    guest.open("/tell/resume/never-given-out", status=404)


def test_there_is_no_sixth_step(guest):
    guest.open("/tell/6", status=404)
    guest.open("/tell/0", status=404)


def test_a_program_that_fills_in_everything_is_asked_again(guest):
    guest.open("/tell/1")
    guest.send("/tell/1", status=422, text=STORY, website="https://spam.example")

    assert STORY in guest.html


def test_a_page_that_lay_open_for_days_loses_nothing(house, guest):
    begin(guest, until=2)
    house.village.pass_time(hours=25)

    guest.open("/tell/1")
    guest.send("/tell/1", text=STORY)

    assert guest.path == "/tell/2"


def test_a_form_older_than_a_day_is_shown_again_with_what_was_typed(house, guest):
    guest.open("/tell/1")
    house.village.pass_time(hours=25)

    guest.send("/tell/1", status=422, text=STORY)

    assert STORY in guest.html
    assert "Nothing is lost" in guest.text


@pytest.mark.parametrize("typed", [{}, {"website": "https://spam.example"}])
def test_the_last_page_that_lay_open_too_long_begins_again(house, guest, typed):
    begin(guest, until=5)
    house.village.pass_time(hours=25)

    guest.send("/tell/5", **typed)

    assert guest.path == "/tell/1"


def test_the_last_page_is_shown_again_to_a_program_that_fills_in_everything(guest):
    begin(guest, until=5)

    guest.send("/tell/5", status=422, website="https://spam.example")

    assert STORY in guest.text
    assert "Nothing is lost" in guest.text


@pytest.mark.parametrize(
    ("step", "typed", "field"),
    [
        (1, {"text": STORY, "wanted": "a\0b"}, "wanted"),
        (2, {"place": "a\0b"}, "place"),
        (2, {"area": "a\0b"}, "area"),
        (2, {"area": "nowhere"}, "area"),
        (3, {"reach": "contact", "contact": "a\0b@ash.example"}, "contact"),
        (3, {"reach": "words", "name": "a\0b"}, "name"),
    ],
)
def test_what_is_no_text_or_no_place_is_named_where_it_was_typed(
    guest, step, typed, field
):
    begin(guest, until=step)

    guest.send(f"/tell/{step}", status=422, **typed)

    assert f'href="#{field}"' in guest.html
    assert f'id="{field}"' in guest.html
    assert re.search(r"Error:</span> (There are signs|Choose one)", guest.html)


def test_nobody_sends_what_has_no_place_by_going_past_the_step(guest):
    begin(guest, until=3)
    guest.open("/tell/2")
    guest.send("/tell/2", status=422, area="nowhere")

    guest.open("/tell/3")

    assert guest.path == "/tell/2"


def test_whoever_saves_all_day_is_asked_to_wait_and_loses_no_word(house, guest):
    begin(guest, until=2)
    spend_all(house)
    guest.open("/tell/1")

    guest.send("/tell/1", status=429, text="The last of all.")

    assert int(guest.page.headers["Retry-After"]) > 0
    form = next(form for form in guest.forms if form.action == "/tell/1")
    assert form.values["text"] == "The last of all."
    house.village.pass_time(minutes=1)
    guest.send("/tell/1", text="The last of all.")


def test_a_member_saves_as_often_as_they_like(house):
    ada = house.member("ada@ash.example")
    spend_all(house)

    begin(ada, until=2)

    assert ada.path == "/tell/2"


def test_only_so_much_of_a_text_is_kept_and_all_of_it_shown(guest):
    long = "x" * 60_000
    guest.open("/tell/1")
    guest.send("/tell/1", status=422, text=long)
    assert long in guest.html

    guest.open("/tell/1")

    assert "x" * 51_000 in guest.html
    assert "x" * 51_001 not in guest.html


def test_the_receipt_shows_number_words_seal_and_what_happens_next(house):
    guest, _ = house.told()

    assert len(re.findall(r"<li>[a-z]+</li>", guest.html)) == 4
    assert "sealed #" in guest.text
    assert "A person answers you: " in guest.text.replace("a person", "A person")
    assert "Your node made this key. You did not sign this yourself." in guest.text
    assert "data:image/svg+xml" in guest.html


def test_the_receipt_can_be_saved_and_checked(house):
    guest, reference = house.told()
    raw = guest.client.get(f"{guest.path}/file", base_url="https://ash.example")

    assert raw.data.startswith(b"c2sp.org/tlog-proof@v1\n")
    assert f'filename="{reference}-0.tlog-proof"' in raw.headers["Content-Disposition"]

    guest.open("/ledger/verify")
    guest.send("/ledger/verify", receipt=raw.text)
    assert "This receipt is true." in guest.text


def test_the_receipt_opens_the_case_without_an_account(house):
    guest, reference = house.told()

    guest.open(f"/cases/{reference}")

    assert "We have it" in guest.text


def test_sending_leaves_nothing_behind_in_the_browser(house):
    guest, _ = house.told()

    guest.open("/tell/1")

    assert STORY not in guest.html


def test_a_receipt_nobody_got_does_not_exist(guest):
    guest.open("/receipt/never-given-out", status=404)


def test_a_member_is_not_asked_how_to_be_reached(house):
    ada = house.member("ada@ash.example")

    ada.open("/tell/3", status=404)
    tell(ada)

    assert ada.path.startswith("/receipt/")
    ada.open("/me")
    assert STORY.rstrip(".") in ada.text


def test_who_signs_in_half_way_goes_on_with_what_they_typed(house, guest):
    begin(guest, until=3)
    guest.send("/tell/3", status=422, reach="contact", contact="nobody", name="a\0b")
    guest.open("/sign-in")
    guest.send("/sign-in", contact="ada@ash.example")
    link = re.search(r"/sign-in/\S+", house.mail("ada@ash.example"))[0]
    guest.open(link)
    guest.send(link)

    guest.open("/tell/4")
    guest.send("/tell/4", audience="assigned")
    guest.send("/tell/5")

    assert guest.path.startswith("/receipt/")


def test_who_signs_out_leaves_nothing_they_typed(house):
    ada = house.member("ada@ash.example")
    begin(ada, until=2)
    ada.open("/me/security")
    ada.send("/sign-out")

    ada.open("/tell/1")

    assert STORY not in ada.html


def test_what_was_typed_is_gone_from_the_node_after_signing_out(house):
    ada = house.member("ada@ash.example")
    link = later(ada)
    ada.open("/me/security")
    ada.send("/sign-out")

    ada.open(link, status=404)


def spend_all(house):
    """Save what is typed here for as often as a block of addresses may."""
    with suppress(Throttled):
        while True:
            throttle.spend(house.node, "tell.save", "127.0.0.1")


def later(guest):
    """Put a form away half way, and return the link that opens it."""
    begin(guest, until=2)
    guest.send("/tell/2", go="later", place="12 Elm Street")
    assert "Nothing was sent" in guest.text
    return re.search(r"/tell/resume/[\w-]+", guest.html)[0]


def begin(guest, *, until):
    """Go to a step, with all before it done."""
    guest.open("/tell/1")
    if until > 1:
        guest.send("/tell/1", text=STORY)
    if until > 2:
        guest.send("/tell/2", area="none")
    if until > 3:
        guest.send("/tell/3", reach="words")
    if until > 4:
        guest.send("/tell/4", audience="assigned")
