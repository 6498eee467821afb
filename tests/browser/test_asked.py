"""What a member is asked after they told us: is it them, is it solved?"""

import re

from playwright.sync_api import expect

from tests.browser import walk

PHONE = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
ZOE = "zoe.proves@elsewhere.example"


def test_a_guest_proves_an_address_with_the_code_from_the_mail(window):
    zoe = window(**PHONE)
    reference, _ = walk.tell(zoe, contact=ZOE)
    before = zoe.town.mails(ZOE)
    walk.ask_for_code(zoe, reference)
    page = zoe.page
    expect(page.get_by_text("z...s@e...e")).to_be_visible()

    walk.follow(page, "This is my address")
    expect(page.locator("#problems")).to_be_focused()
    mail = zoe.town.mail(ZOE, after=before)
    page.get_by_label("The code from the mail").fill(re.search(r"\b\d{6}\b", mail)[0])
    walk.follow(page, "This is my address")

    expect(page.get_by_role("status")).to_contain_text("Your address is proven.")
    expect(page.get_by_role("link", name="Prove your address")).to_have_count(0)


def test_each_who_joined_says_alone_whether_it_is_solved(window):
    owner, joiner, cleo = window(**PHONE), window(**PHONE), window()
    walk.sign_in(cleo, walk.CLEO)
    matter, _ = walk.tell(owner, story="It is damp in the whole of Mill Street.")
    walk.triage(cleo, matter)
    walk.take(cleo, matter)
    walk.let_others_join(cleo, owner, matter)
    joined, _ = walk.tell(joiner, story="It is damp in our kitchen, too.")
    walk.join(joiner, joined)
    walk.done(cleo, matter, "The owner repaired the roof.")

    page = joiner.open(f"/cases/{joined}")
    expect(page.get_by_text("only you decide if that is true")).to_be_visible()
    walk.follow(page, "Answer")
    expect(page.get_by_text("0 of 2 have answered.")).to_be_visible()
    page.get_by_label("Yes, it is solved").check()
    walk.follow(page, "Send my answer")

    expect(page.get_by_role("status")).to_contain_text("Thank you for telling us.")
    expect(page.get_by_text("You said: it is solved.")).to_be_visible()
    expect(page.get_by_text("1 of 2 have answered.")).to_be_visible()
    page = owner.open(f"/cases/{matter}")
    page.get_by_label("Yes, it is solved").check()
    walk.press(page, "Send my answer")
    expect(page.locator(".promise")).to_contain_text("Closed: solved")
    page = joiner.open(f"/cases/{joined}/together")
    expect(page.get_by_text("It is over.")).to_be_visible()
