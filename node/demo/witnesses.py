"""Each community watches the other's ledger, and signs what it saw."""

from federation import strict
from node.demo.browser import Browser, PageWrong
from node.demo.journey import OK, Journey, Site, expect, page_with

_PAGE = "/admin/witnesses"
_SIGNED = "1 witness has signed this seal."


def named(trip: Journey) -> None:
    """Let each steward look at the other's keys, and name them."""
    with trip.step("each steward names the other community as a witness") as seen:
        for site, other, key in (
            (trip.here, trip.there, "dov"),
            (trip.there, trip.here, "noor"),
        ):
            steward = trip.person(site, key)
            page = steward.fill(steward.get(_PAGE), "/look", who=other.home)
            for shown in _keys(other):
                if shown not in expect(page, OK).page.words:
                    raise PageWrong("other keys are shown than those of the other")
            expect(steward.fill(page, "/add"), OK)
            seen.append(f"{site.host} names {other.witness}")


def _keys(site: Site) -> list[str]:
    raw = expect(Browser(site.home).get("/ledger/keys.json"), OK).body
    said = strict.loads(raw)
    if not isinstance(said, dict):
        raise PageWrong("no keys are shown")
    return [*said["log"], said["witness"]]


def signed(trip: Journey) -> None:
    """See that the newest seal of each carries the other's signature."""
    with trip.step("each community has signed the other's seal") as seen:
        for site, other in ((trip.here, trip.there), (trip.there, trip.here)):
            page_with(Browser(site.home), "/ledger", _SIGNED)
            note = expect(Browser(site.home).get("/ledger/checkpoint"), OK)
            if f"\n— {other.witness} " not in note.text:
                raise PageWrong("the seal has no line of the other")
            seen.append(f"{other.witness} signed {note.text.splitlines()[1]} entries")
