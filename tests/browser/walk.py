"""What people do on our pages, step by step, as a browser sees it."""

import re

from playwright.sync_api import expect

STORY = "My heating has been broken for three weeks. Nobody answers my letters."
CLEO, MARIA = "cleo@elmstreet.example", "maria@elmstreet.example"
ABOUT = "Damp in Mill Street."
_REACH = "How can we reach you?"
ORA = "ora@elmstreet.example"
BEN, DOV = "ben@elmstreet.example", "dov@elmstreet.example"


def press(page, name):
    """Press the button or follow the link with this name."""
    page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    ).first.click()


def follow(page, name):
    """Press it, and wait for the page that it leads to."""
    with page.expect_navigation():
        press(page, name)


def tell(visit, *, contact="", story=STORY):
    """Tell us something; return the reference and the four words."""
    page = before_sending(visit, contact=contact, story=story)
    press(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")
    reference = page.locator(".paper .reference").inner_text()
    return reference, page.locator(".four li").all_inner_texts()


def before_sending(visit, *, contact="", story=STORY):
    """Tell us something, up to the page on which it can be sent."""
    page = visit.open("/")
    follow(page, "Tell us what happened")
    page.get_by_label("Tell it in your own words").fill(story)
    follow(page, "Continue")
    page.get_by_label("Street, place or postcode").fill("12 Elm Street")
    follow(page, "Continue")
    if page.locator("h1").inner_text() == _REACH:
        _reach(page, contact)
    page.get_by_label("The advocate who answers me, and the coordinator").check()
    follow(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
    return page


def _reach(page, contact):
    if contact:
        page.get_by_label("Write to me or call me").check()
        page.get_by_label("Your email or phone number").fill(contact)
    else:
        page.get_by_label("I will come back by myself").check()
    follow(page, "Continue")


def sign_in(visit, mail):
    """Sign in by the link in a message."""
    before = visit.town.mails(mail)
    page = visit.open("/sign-in")
    page.get_by_label("Your email or phone number").fill(mail)
    press(page, "Send me a link")
    link = re.search(r"/sign-in/[\w-]{20,}", visit.town.mail(mail, after=before))[0]
    visit.open(link)
    press(page, "Yes, sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("My cases")


def triage(visit, reference):
    """Put whatever waits into the queue, until this case is in it."""
    page = visit.open("/desk/triage")
    while True:
        shown = page.locator(".above").inner_text()
        page.get_by_label("Something is wrong and should be put right").check()
        page.get_by_label("What is it about?").select_option("housing")
        page.get_by_label("In turn").check()
        page.get_by_label("Why?").fill("As usual.")
        follow(page, "Save and next")
        if reference in shown:
            return


def take(visit, reference):
    """Take this case out of the queue."""
    page = visit.open(f"/desk/cases/{reference}")
    press(page, "I take it")
    expect(page.get_by_role("status")).to_contain_text("It is yours now.")


def plan(page, step):
    """Put a step for the member into the plan of the case that is open."""
    page.get_by_text("Add a step").click()
    page.get_by_label("What is to be done").fill(step)
    page.get_by_label("Who does it").select_option("member")
    follow(page, "Put it into the plan")
    expect(page.get_by_role("status")).to_contain_text("It is in the plan.")


def ask_about_data(visit, words="Who wrote the note of May about me?"):
    """Ask about one's own data what the page cannot do at once."""
    page = visit.open("/me/data")
    page.get_by_label("More of what is held").check()
    page.get_by_label("In your words").fill(words)
    press(page, "Ask")
    expect(page.get_by_role("status")).to_contain_text("within 30 days")


def waiting_request(visit):
    """Open the first request that waits; return the last part of its address."""
    page = visit.open("/admin/requests")
    page.locator("a[href^='/admin/requests/']").first.click()
    expect(page.get_by_label("Refuse it, with the reason")).to_be_visible()
    return page.url.rpartition("/")[2]


def asked_for_note(desk, member, reference):
    """Write a note that the member asks for; return the last part of its address."""
    page = desk.open(f"/desk/cases/{reference}")
    page.get_by_text("Write a note", exact=True).click()
    page.get_by_label("The note").fill("Mr Hill next door hears them cry at night.")
    page.get_by_label("Whoever works on the case").check()
    press(page, "Keep the note")
    expect(page.get_by_role("status")).to_contain_text("The note is kept.")
    asking = member.open(f"/cases/{reference}/notes")
    press(asking, "Ask for the notes")
    expect(asking.get_by_role("status")).to_contain_text("within seven days")
    page = desk.open("/admin/notes")
    page.locator("a[href^='/admin/notes/']").first.click()
    expect(page.get_by_label("What the member reads")).to_be_visible()
    return page.url.rpartition("/")[2]


def choose_name(visit, handle):
    """Choose the public name under which somebody answers other communities."""
    page = visit.open("/desk/neighbours")
    page.get_by_label("Name for your address").fill(handle)
    press(page, "Take this name")
    expect(page.get_by_role("status")).to_contain_text("This name is yours.")


def answer_elsewhere(visit, case):
    """Answer another community's case; return the last part of the answer's address."""
    page = visit.open(f"/desk/neighbours/{case}")
    page.get_by_label("Your answer").fill("We had the same. A letter helped.")
    press(page, "Answer in public")
    expect(page.get_by_role("status")).to_contain_text("Your answer is on its way.")
    expect(page.get_by_role("button", name="Take this answer back")).to_be_visible()
    action = page.locator("form[action$='/stop']").get_attribute("action")
    return action.split("/")[-2]


def let_others_join(desk, member, reference):
    """Make a case a common matter: its member agrees, the desk says what it is."""
    page = member.open(f"/cases/{reference}/consents")
    agree = page.locator("form:has([value^='join_collective'])")
    agree.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("status")).to_contain_text("It is written down.")
    page = desk.open(f"/desk/cases/{reference}/together")
    page.get_by_label("What is it about?").fill(ABOUT)
    press(page, "Let others join")
    expect(page.get_by_role("status")).to_contain_text("Others can join it now.")


def join(visit, reference):
    """Let one's own case go on with a common matter, and be counted there."""
    page = visit.open(f"/cases/{reference}")
    follow(page, "Did others report the same?")
    page.get_by_label(ABOUT).check()
    page.get_by_label("Count me").check()
    follow(page, "Join them")
    expect(page.get_by_role("status")).to_contain_text("goes on with the others now")


def done(desk, reference, words):
    """Say at the desk that something is done, and have the member asked."""
    page = desk.open(f"/desk/cases/{reference}")
    page.get_by_text("It is done", exact=True).click()
    page.get_by_label("What was done, in plain words").fill(words)
    follow(page, "Ask the member if it is solved")


def ask_for_code(visit, reference):
    """Follow the case to where an address is proven, and have a code sent."""
    page = visit.open(f"/cases/{reference}")
    page.locator("a[href$='/proof']").click()
    follow(page, "Send me a code")
