"""Two communities: a case that is made public here is answered from there."""

import re

from node.demo import said
from node.demo.browser import Answer, Browser, PageWrong
from node.demo.journey import OK, Chain, Journey, Site, expect, page_with, until
from node.demo.telling import member_tells

_DESK, _PEERS = "/desk/neighbours", "/admin/peers"
#: Where a case of another community stands on the desk.
_CASE = re.compile(rf"{_DESK}/[0-9a-f-]{{36}}")
_ARRIVED = "Everything we sent has arrived or was given up."


def followed(trip: Journey) -> None:
    """Let the neighbour's steward follow us, and wait for our yes."""
    with trip.step("the neighbour's steward follows the community") as seen:
        steward = trip.person(trip.there, "noor")
        page = steward.get(_PEERS)
        page = steward.fill(page, "/follow", account=trip.here.actor)
        expect(page, OK)
        page_with(steward, _PEERS, "Agreed")
        follower = f"@{trip.there.community.slug}@{trip.there.host}"
        page_with(trip.person(trip.here, "dov"), _PEERS, follower)
        seen.append("accepted by rule, and counted on both sides")


def shown(trip: Journey) -> None:
    """Let the member make the case public, and wait until it is read there."""
    with trip.step("a member makes a case public, and it arrives there") as seen:
        _make_public(trip, trip.shown, said.TITLE)
        priya = trip.person(trip.there, "priya")
        page = priya.get(_DESK)
        expect(priya.fill(page, "/name", handle="priya", name="Priya"), OK)
        _listed(trip, said.TITLE)
        seen.append(f"case {trip.shown}, by consent, over HTTP to {trip.there.host}")


def _make_public(trip: Journey, reference: str, title: str) -> None:
    maria = trip.person(trip.here, "maria")
    page = maria.get(f"/cases/{reference}")
    expect(maria.fill(page, "/public", title=title, text=said.PUBLIC), OK)


def _listed(trip: Journey, title: str) -> str:
    """Return where the neighbour's advocate reads a case, once it is there."""
    page = page_with(trip.person(trip.there, "priya"), _DESK, title)
    # The newest stands first.
    return next(it for it in page.page.links if _CASE.fullmatch(it))


def answered(trip: Journey) -> None:
    """Let the neighbour's advocate answer; the answer waits here for a yes."""
    with trip.step("the neighbour's advocate answers, and it waits for a yes") as seen:
        priya, path = trip.person(trip.there, "priya"), _listed(trip, said.TITLE)
        page = priya.get(path)
        if said.PUBLIC not in page.text or said.DAMP in page.text:
            raise PageWrong("other words came than those that were agreed to")
        page = expect(priya.fill(page, path, reply=said.ADVICE), OK)
        bundle = next(it for it in page.page.links if it.endswith("/bundle"))
        chain = Chain(trip.there, path.rpartition("/")[2], priya, bundle)
        trip.chains.append(chain)
        _waiting(trip)
        if said.ADVICE in Browser(trip.here.home).get(_public(trip)).text:
            raise PageWrong("everybody sees it before anybody let it stand")
        seen.append(f"from {trip.there.host}; nobody else sees it")


def _waiting(trip: Journey) -> Answer:
    maria = trip.person(trip.here, "maria")
    return page_with(maria, f"/cases/{trip.shown}", "waits for a yes")


def _public(trip: Journey) -> str:
    page = trip.person(trip.here, "maria").get(f"/cases/{trip.shown}")
    return next(it for it in page.page.links if it.startswith("/public/"))


def approved(trip: Journey) -> None:
    """Let the member approve the answer: it stands here, and they are told there."""
    with trip.step("the member lets the answer stand, and both sides show it") as seen:
        maria, page = trip.person(trip.here, "maria"), _waiting(trip)
        form = next(it for it in page.page.forms if "/replies/" in it.action)
        page = expect(maria.fill(page, form.action, verdict="approve"), OK)
        origin = f"answered from {_isolated(trip.there)}"
        for shown in (page, Browser(trip.here.home).get(_public(trip))):
            if said.ADVICE not in shown.text or origin not in shown.text:
                raise PageWrong("the answer, or where it is from, is not shown")
        priya = trip.person(trip.there, "priya")
        page_with(priya, _listed(trip, said.TITLE), "It stands beside the case.")
        seen.append(f"beside case {trip.shown}, and on the neighbour's desk")


def _isolated(site: Site) -> str:
    # How a page shows a name from elsewhere, whichever way it is written.
    return f"<bdi>{site.host}</bdi>"


def taken_back(trip: Journey) -> None:
    """Let the member make another case public and take it back: it is gone there."""
    with trip.step("what a member takes back is gone there") as seen:
        other = member_tells(trip, said.NOISE)
        _make_public(trip, other, said.LOUD)
        _listed(trip, said.LOUD)
        maria, priya = trip.person(trip.here, "maria"), trip.person(trip.there, "priya")
        page = maria.get(f"/cases/{other}")
        expect(maria.fill(page, "/stop"), OK)
        page_with(maria, f"/cases/{other}", "was asked to delete it and agreed")
        until(
            "gone from the neighbour's desk",
            lambda: None if said.LOUD in priya.get(_DESK).text else True,
        )
        seen.append(f"case {other}, asked to be deleted, and agreed")


def arrived(trip: Journey) -> None:
    """Wait until neither community has anything left to send."""
    with trip.step("everything that was sent has arrived") as seen:
        for site, key in ((trip.here, "dov"), (trip.there, "noor")):
            page_with(trip.person(site, key), _PEERS, _ARRIVED)
        seen.append("nothing waits, on either side")
