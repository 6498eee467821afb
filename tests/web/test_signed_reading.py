"""What stays open to everybody, and what only who signs may read."""

import json
from dataclasses import replace

import pytest

from federation.signatures import Request
from node import replies
from tests.support.door import Place, treat
from tests.support.engines import ENGINES, village_on
from tests.support.neighbours import street
from tests.support.stranger import ACTIVITY, PROFILES, rsa_key

OPEN = [
    "/ap/node",
    "/ns/v1",
    "/.well-known/nodeinfo",
    "/nodeinfo/2.1",
    "/.well-known/webfinger?resource=acct:ash@ash.example",
]
COMMUNITY = "/ap/c/ash"
LISTS = [
    f"{COMMUNITY}/outbox",
    f"{COMMUNITY}/outbox?before=9",
    f"{COMMUNITY}/followers",
    f"{COMMUNITY}/stewards",
]
ASKED = 'sig1=("@method" "@target-uri");created'


@pytest.fixture(scope="module", params=ENGINES)
def place(request, tmp_path_factory):
    on_sqlite = request.param == "sqlite"
    server = "" if on_sqlite else request.getfixturevalue("postgres_url")
    with village_on(server, tmp_path_factory.mktemp("place")) as village:
        place = Place(village)
        closed = replace(place.node.settings, federation_signed_get=True)
        place.node = village.open(closed)
        village.roads.lead_to(place.node)
        yield place


@pytest.fixture
def eve(place):
    place.village.pass_time(minutes=10)
    return place.stranger()


@pytest.fixture(scope="module")
def case(place):
    return place.publish()[1].removeprefix(place.node.settings.origin)


def ask(place, path, fields=(), accept=ACTIVITY, method="GET"):
    app = place.village.roads.apps[place.node.settings.origin]
    return app.test_client().open(
        path,
        method=method,
        base_url=place.node.settings.origin,
        headers=[("Accept", accept), *fields],
    )


def signed(place, eve, path, profile="rfc9421", method="GET", **how):
    request = Request(method, place.node.settings.origin + path, ())
    signer = how.pop("signer", None) or eve.signer()
    at = how.pop("at", place.village.now)
    return list(PROFILES[profile](request, signer, at=at, **how).items())


def is_refused(answer, status, code):
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    wanted = ASKED if status == 401 else None
    assert answer.headers.get("Accept-Signature") == wanted
    return True


@pytest.mark.parametrize("path", OPEN)
def test_what_others_need_to_find_and_check_us_stays_open(place, path):
    assert ask(place, path, accept="*/*").status_code == 200


@pytest.mark.parametrize("path", [COMMUNITY, *LISTS])
def test_everything_else_is_refused_unsigned_and_says_how_to_sign(place, path):
    assert is_refused(ask(place, path), 401, "sig.missing")


def test_public_things_are_for_who_signs(place, eve, case):
    for path in (case, f"{case}/thread", f"{case}/replies"):
        refused = ask(place, path)
        assert is_refused(refused, 401, "sig.missing")
        assert "Three weeks" not in refused.text
        answer = ask(place, path, signed(place, eve, path))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("path", [COMMUNITY, f"{COMMUNITY}/outbox?before=9"])
def test_either_way_of_signing_will_do(place, eve, profile, path):
    answer = ask(place, path, signed(place, eve, path, profile))

    assert answer.status_code == 200
    assert answer.content_type == ACTIVITY
    assert "id" in json.loads(answer.data)


def test_a_head_is_signed_as_such(place, eve):
    fields = signed(place, eve, COMMUNITY, method="HEAD")

    assert ask(place, COMMUNITY, fields, method="HEAD").status_code == 200
    assert ask(place, COMMUNITY, fields).status_code == 401


def test_a_signature_for_one_thing_opens_no_other(place, eve):
    fields = signed(place, eve, COMMUNITY)

    assert is_refused(ask(place, LISTS[0], fields), 401, "sig.bad")


def test_a_key_that_is_not_the_actors_opens_nothing(place, eve):
    fields = signed(place, eve, COMMUNITY, signer=eve.signer(rsa_key(9)))

    assert is_refused(ask(place, COMMUNITY, fields), 401, "sig.bad")


def test_an_old_signature_opens_nothing(place, eve):
    fields = signed(place, eve, COMMUNITY)
    place.village.pass_time(hours=13)

    assert is_refused(ask(place, COMMUNITY, fields), 401, "sig.window")


def test_who_cannot_be_asked_for_a_key_may_come_again(place, eve):
    with eve.away():
        answer = ask(place, COMMUNITY, signed(place, eve, COMMUNITY))

    assert is_refused(answer, 503, "key.away")
    assert answer.headers["Retry-After"] == "60"


def test_a_blocked_origin_reads_nothing_however_well_it_signs(place, eve):
    treat(place.node, eve.origin, "blocked")
    before = eve.fetched

    answer = ask(place, COMMUNITY, signed(place, eve, COMMUNITY))

    assert is_refused(answer, 403, "origin.blocked")
    assert eve.fetched == before


@pytest.mark.parametrize("where", ["", "case"])
def test_a_browser_is_led_to_the_page_all_the_same(place, case, where):
    answer = ask(place, case if where else COMMUNITY, accept="text/html")

    assert answer.status_code == 303
    assert answer.headers["Location"] in {"/", case.replace("/ap/cases/", "/public/")}


def test_asking_like_a_browser_opens_no_document(place, case):
    for path in (f"{case}/thread", *LISTS):
        assert ask(place, path, accept="text/html").status_code == 401


def test_two_nodes_that_both_want_signatures_can_meet(tmp_path):
    with street(tmp_path) as lane:
        for node in (lane.ash, lane.birch):
            closed = replace(node.settings, federation_signed_get=True)
            lane.village.roads.lead_to(lane.village.open(closed))

        lane.acquaint()
        made = lane.tell()
        lane.publish(made)
        lane.answer()

        [line] = replies.listed(lane.ash, made.reference, by=lane.ada)
        assert line.author == "Cleo"
