"""People tell what happened: programs, a guest, and a member."""

import json
import re
from uuid import uuid4

from node.demo import said
from node.demo.browser import Browser, PageWrong
from node.demo.cast import Story
from node.demo.journey import CREATED, OK, Chain, Journey, expect, link_in

_CASE = re.compile(r"/cases/([A-Z]{2}-[0-9A-Z]{7})")


def through_the_api(trip: Journey, stories: list[Story]) -> None:
    """Let people tell what happened, through the API."""
    with trip.step("people tell what happened, through the API") as seen:
        for story in stories:
            told = _told(trip, story)
            _keep(trip, told["case_ref"], told["token"])
        seen.append(f"{len(stories)} claims, each with a receipt")


def _told(trip: Journey, story: Story) -> dict[str, str]:
    body = {"text": story.text, "wanted_outcome": story.wanted, "language": "en"}
    if story.area:
        body["area"] = story.area
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    answer = Browser(trip.here.home).post(
        "/api/v1/submissions", json.dumps(body).encode(), headers
    )
    told: dict[str, str] = json.loads(expect(answer, CREATED).body)
    return told


def _keep(trip: Journey, reference: str, token: str) -> None:
    trip.tokens[reference] = token
    link = {"Authorization": f"Link {token}"}
    path, anybody = f"/api/v1/cases/{reference}/bundle", Browser(trip.here.home)
    trip.chains.append(Chain(trip.here, reference, anybody, path, link))


def by_a_guest(trip: Journey) -> None:
    """Let a guest tell what happened, on five pages."""
    with trip.step("a guest tells what happened, on five pages") as seen:
        guest = Browser(trip.here.home)
        page = guest.get("/tell/1")
        page = guest.fill(page, "/tell/1", text=said.STORY, wanted=said.WISH, go="on")
        page = guest.fill(page, "/tell/2", place=said.PLACE, go="on")
        page = guest.fill(
            page, "/tell/3", reach="contact", contact=said.GUEST, name=said.NAME,
            go="on",
        )  # fmt: skip
        page = guest.fill(page, "/tell/4", audience="assigned", go="on")
        expect(guest.fill(page, "/tell/5", go="on"), OK)
        mail = trip.mail(said.GUEST, "We have it")
        trip.told = mail["Subject"].rpartition(" ")[2]
        _keep(trip, trip.told, link_in(mail).rpartition("/")[2])
        seen.append(f"case {trip.told}, acknowledged on the page and by mail")


def by_a_member(trip: Journey) -> None:
    """Let a member who is signed in tell what happened."""
    with trip.step("a member signs in and tells what happened") as seen:
        trip.shown = member_tells(trip, said.DAMP)
        seen.append(f"case {trip.shown}")


def member_tells(trip: Journey, text: str) -> str:
    """Let a member tell something on the pages; return the case's reference."""
    maria = trip.person(trip.here, "maria")
    page = maria.get("/tell/1")
    page = maria.fill(page, "/tell/1", text=text, wanted=said.DRY, go="on")
    page = maria.fill(page, "/tell/2", place=said.PLACE, go="on")
    page = maria.fill(page, "/tell/4", audience="assigned", go="on")
    page = expect(maria.fill(page, "/tell/5", go="on"), OK)
    found = _CASE.search(page.text)
    if found is None:
        raise PageWrong("the receipt does not lead to the case")
    path = f"/cases/{found[1]}/bundle"
    trip.chains.append(Chain(trip.here, found[1], maria, path))
    return found[1]
