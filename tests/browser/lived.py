"""What people did in the town before its pages are looked at, by real clicks."""

import json
import re
import time
from dataclasses import dataclass, field

from playwright.sync_api import Browser, expect

from tests.browser import walk
from tests.browser.conftest import Town, Visit, visit

ZOE = "zoe@elsewhere.example"
NIA = "nia@elmstreet.example"
_SOON = 30 * 24 * 3600
MEMBERS = {"maria": walk.MARIA, "ben": walk.BEN, "dov": walk.DOV, "nia": NIA}


@dataclass
class Lives:
    """Who has been in the town, and where what they made is."""

    chromium: Browser
    town: Town
    visits: dict[str, Visit] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Visit:
        """Return somebody's browser; a new one for whoever was never here."""
        if who not in self.visits:
            self.visits[who] = visit(self.chromium, self.town)
        return self.visits[who]


def live(chromium: Browser, town: Town) -> Lives:
    """Let people do what makes every page show something."""
    lives = Lives(chromium, town)
    lives.places |= json.loads((town.folder / "abroad.json").read_text())
    lives["anybody"].open("/")
    walk.sign_in(lives["cleo"], walk.CLEO)
    for who, mail in MEMBERS.items():
        walk.sign_in(lives[who], mail)
    _a_case(lives)
    _a_common_matter(lives)
    _half_told(lives)
    _at_the_desk(lives)
    _in_the_office(lives)
    return lives


def _a_case(lives: Lives) -> None:
    guest, cleo, places = lives["guest"], lives["cleo"], lives.places
    asked, _ = walk.tell(guest)
    places["asked"], places["receipt"] = asked, last(guest.page)
    walk.triage(cleo, asked)
    walk.take(cleo, asked)
    page = cleo.page
    page.get_by_label("Your reply").fill("I have asked the housing office.\n\nWait.")
    walk.press(page, "Reply")
    walk.plan(page, "Send a photo of the thermostat, and of the meter beside it.")
    page.get_by_text("Ask the member one thing").click()
    page.get_by_label("Your question").fill("Can you send a photo of the thermostat?")
    walk.press(page, "Send the question")
    places["note"] = walk.asked_for_note(cleo, guest, asked)


def _a_common_matter(lives: Lives) -> None:
    owner, joiner, cleo = lives["owner"], lives["joiner"], lives["cleo"]
    matter, _ = walk.tell(owner, story="It is damp in the whole of Mill Street.")
    walk.triage(cleo, matter)
    walk.take(cleo, matter)
    walk.let_others_join(cleo, owner, matter)
    joined, _ = walk.tell(joiner, story="It is damp in our kitchen, too.")
    walk.join(joiner, joined)
    page = cleo.open(f"/desk/cases/{matter}")
    page.get_by_text("Write now, send later").click()
    page.get_by_label("What leaves later").fill("They come on Monday.")
    soon = time.localtime(time.time() + _SOON)
    page.get_by_label("When it leaves").fill(time.strftime("%Y-%m-%dT09:00", soon))
    walk.press(page, "Let it wait")
    expect(page.get_by_role("status")).to_contain_text("The reply waits.")
    link = page.get_by_role("link", name="Change it")
    lives.places["later"] = link.get_attribute("href").rpartition("/")[2]
    walk.done(cleo, matter, "The owner repaired the roof.")
    lives.places |= {"matter": matter, "joined": joined}


def _half_told(lives: Lives) -> None:
    zoe, cleo, places = lives["zoe"], lives["cleo"], lives.places
    places["reached"], _ = walk.tell(zoe, contact=ZOE, story="A" * 60 + " is said.")
    walk.ask_for_code(zoe, places["reached"])
    walk.triage(cleo, places["reached"])
    walk.take(cleo, places["reached"])
    person = cleo.page.locator("a[href^='/desk/people/']").first
    places["person"] = re.split("[/#]", person.get_attribute("href"))[3]
    walk.tell(lives["guest"], story="A" * 60 + " " + "unbreakable" * 12 + " is said.")
    page = lives["teller"].open("/tell/1")
    page.get_by_label("Tell it in your own words").fill(walk.STORY)
    walk.follow(page, "Continue")
    walk.follow(lives["teller"].open("/tell/1"), "Finish later")
    link = page.locator(".broken a").get_attribute("href")
    places["resumed"] = link.rpartition("/")[2]
    asker, before = lives["asker"], lives.town.mails(walk.BEN)
    page = asker.open("/sign-in")
    page.get_by_label("Your email or phone number").fill(walk.BEN)
    walk.follow(page, "Send me a link")
    mail = lives.town.mail(walk.BEN, after=before)
    places["link"] = re.search(r"/sign-in/([\w-]{20,})", mail)[1]


def _at_the_desk(lives: Lives) -> None:
    cleo, places = lives["cleo"], lives.places
    walk.choose_name(cleo, "cleo")
    places["answer"] = walk.answer_elsewhere(cleo, places["elsewhere"])
    page = cleo.open("/admin/teams")
    page.get_by_label("Name", exact=True).fill("Housing of the north")
    walk.follow(page, "Make the team")
    places["team"] = last(page)
    page = cleo.open("/admin/templates")
    page.get_by_label("Name", exact=True).fill("First words")
    page.get_by_label("The words").fill("Thank you. We look at it this week.")
    walk.follow(page, "Propose it")
    places["template"] = last(page)


def _in_the_office(lives: Lives) -> None:
    dov, nia, places = lives["dov"], lives["nia"], lives.places
    walk.ask_about_data(lives["maria"])
    places["request"] = walk.waiting_request(dov)
    page = dov.open("/admin/breaches")
    page.get_by_label("What happened?").fill("A list with names went to the printer.")
    walk.follow(page, "Start the clock")
    places["breach"] = last(page)
    page = dov.open("/admin/glass")
    page.get_by_label("Reference of the case").fill(places["asked"])
    page.get_by_label("Why?").fill("Its advocate is ill, and they go cold.")
    walk.follow(page, "Ask a second person")
    page = nia.open("/admin/glass")
    walk.follow(page, "Yes, they may look")
    link = page.get_by_role("link", name="Keep it from the member for now").first
    places["look"] = link.get_attribute("href").rpartition("/")[2]


def last(page) -> str:
    """Return the last part of the address of a page, where one finds it again."""
    return re.split("[?#]", page.url)[0].rpartition("/")[2]
