"""A case at home: triaged, taken, answered, and solved by its member's word."""

import json
from urllib.parse import urlsplit

from node.demo import said
from node.demo.browser import Browser, PageWrong
from node.demo.journey import OK, Journey, expect, link_in


def triaged(trip: Journey) -> None:
    """Let a coordinator triage everything, without seeing who it is."""
    with trip.step("a coordinator triages, without seeing who it is") as seen:
        desk = trip.person(trip.here, "iris")
        for _ in trip.chains:
            page = desk.get("/desk/triage")
            if said.GUEST in page.text or said.NAME in page.text:
                raise PageWrong("the triage page names the member")
            expect(desk.fill(page, "/desk/triage", **said.TRIAGED), OK)
        seen.append(f"{len(trip.chains)} cases in the queue")


def answered(trip: Journey) -> None:
    """Let an advocate take every case and answer it."""
    with trip.step("an advocate takes cases and answers") as seen:
        desk = trip.person(trip.here, "dana")
        for _ in trip.chains:
            page = expect(desk.fill(desk.get("/desk"), "/desk/take"), OK)
            reference = urlsplit(page.url).path.rpartition("/")[2]
            if reference == trip.told:
                desk.fill(page, "/ask", ask=said.QUESTION)
                seen.append(f"a question in {reference}")
            else:
                desk.fill(page, "/reply", reply=said.ANSWER)
        seen.append(f"{len(trip.chains)} cases answered by a person")


def replied(trip: Journey) -> None:
    """Let the guest answer by the link in the mail, and the advocate resolve."""
    with trip.step("the guest answers by the link in the mail") as seen:
        mail = trip.mail(said.GUEST, "question")
        guest = Browser(trip.here.home)
        page = guest.get(link_in(mail))
        if said.QUESTION not in page.text:
            raise PageWrong("the question is not on the page")
        expect(guest.fill(page, "/messages", write=said.REPLY), OK)
        desk = trip.person(trip.here, "dana")
        page = desk.get(f"/desk/cases/{trip.told}")
        expect(desk.fill(page, "/resolve", resolve=said.DONE), OK)
        seen.append("answered, and resolved by the advocate")


def confirmed(trip: Journey) -> None:
    """Let the guest say that it is solved."""
    with trip.step("the guest says it is solved") as seen:
        guest = Browser(trip.here.home)
        page = guest.get(link_in(trip.mail(said.GUEST, "solved")))
        expect(guest.fill(page, "/answer", answer="solved"), OK)
        link = {"Authorization": f"Link {trip.tokens[trip.told]}"}
        case = expect(guest.get(f"/api/v1/cases/{trip.told}", link), OK)
        state = json.loads(case.body)["state"]
        if state != "closed":
            raise PageWrong(f"the case is {state}")
        seen.append("closed by the member's word")
