"""Rules that sort without a person: let alone by two, seen by everybody concerned."""

import pytest
import structlog

from governance.assignments import Method
from node import teams, work
from node.teams import Described
from tests.support import members
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.support.commands import Terminal
from tests.web.conftest import TRIAGED

ALONE = "/admin/topics/housing/alone"
AGREE = f"{ALONE}/agree"
API = "/api/v1/topics/housing/alone"
WORDS = "/api/v1/topics/housing/words"
ASKED = {"kind": "claim", "urgent": ["eviction", "smoke"]}


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        homes = Described("Homes", Method.MANUAL)
        teams.create(moot.node, homes, by=moot["iris"])
        yield moot


@pytest.fixture
def here(moot):
    yield Terminal(moot)
    structlog.reset_defaults()


@pytest.fixture
def sorter(house):
    return house.member("cleo@ash.example")


@pytest.fixture
def cleo(sorter):
    cleo = sorter
    cleo.open("/admin/topics/housing")
    cleo.send("/admin/topics/housing/words", claim="heating")
    return cleo


def program(moot, name):
    authority = token_of(moot.node, moot.ids[name], role="coordinator")
    return Program(app_of(moot.node), moot.node, authority)


def test_it_is_asked_for_on_the_page_and_waits_for_somebody_else(cleo):
    assert "A person sorts what this rule finds." in cleo.text

    cleo.send(ALONE, sorts="claim", urgent="eviction\nsmoke")

    assert "Once somebody else agrees, the rule sorts by itself." in cleo.text
    assert "You asked that it sorts by itself." in cleo.text
    assert "A person reads what has one of these words: eviction, smoke" in cleo.text
    assert not [one for one in cleo.forms if one.action == AGREE]


def test_whoever_asked_takes_it_back(cleo):
    cleo.send(ALONE, sorts="claim", urgent="smoke")

    cleo.send(ALONE, stop="yes")

    assert "A person sorts what is told from now on." in cleo.text
    assert "A person sorts what this rule finds." in cleo.text


@pytest.mark.parametrize(
    ("urgent", "said"),
    [("", "Name the words by which a message could be urgent"), ("!!", "Each is a")],
)
def test_without_urgent_words_nothing_is_asked(cleo, urgent, said):
    cleo.send(ALONE, 422, sorts="claim", urgent=urgent)

    assert said in cleo.text
    assert "You asked" not in cleo.text


def test_of_what_is_personal_the_page_says_that_a_person_reads_it(cleo):
    cleo.open("/admin/topics/health")

    assert "A person reads first what is about this" in cleo.text
    assert not [one for one in cleo.forms if one.action.endswith("/alone")]


def test_a_program_asks_another_agrees_and_the_case_says_so(moot):
    iris, olga = program(moot, "iris"), program(moot, "olga")
    iris.ask("POST", WORDS, {"kind": "claim", "words": ["heating"]})

    assert iris.ask("POST", API, ASKED).status_code == 204

    (shown,) = iris.ask("GET", WORDS).json["items"]
    assert (shown["rule"], shown["alone"], shown["waits"], shown["urgent"]) == (
        "housing.claim/2", False, True, ["eviction", "smoke"],
    )  # fmt: skip
    agreed = {"rule": "housing.claim/2"}
    refused = iris.ask("POST", f"{API}/agree", agreed)
    assert (refused.status_code, refused.json["code"]) == (409, "case.second-person")
    assert olga.ask("POST", f"{API}/agree", agreed).status_code == 204
    (shown,) = iris.ask("GET", WORDS).json["items"]
    assert (shown["alone"], shown["waits"]) == (True, False)

    made = moot.tell(text="The heating is off.")
    work.sweep(moot.node)
    answer = iris.ask("GET", f"/api/v1/cases/{made.reference}").json
    assert (answer["state"], answer["sorted_by"]) == ("queued", "housing.claim/3")
    (line,) = iris.ask("GET", "/api/v1/desk").json["items"]
    assert line["sorted_by"] == "housing.claim/3"

    assert iris.ask("POST", API, {**ASKED, "urgent": []}).status_code == 204
    (shown,) = iris.ask("GET", WORDS).json["items"]
    assert (shown["alone"], shown["waits"], shown["urgent"]) == (False, False, [])


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        (API, {"kind": "thanks", "urgent": ["x"]}, 404),
        (API, {"kind": "collective", "urgent": ["x"]}, 422),
        (API, {"kind": "claim", "urgent": ["!"]}, 422),
        (API, {"kind": "claim"}, 422),
        ("/api/v1/topics/health/alone", ASKED, 422),
        (f"{API}/agree", {"rule": "housing.claim/1"}, 404),
        (f"{API}/agree", {"rule": ""}, 422),
    ],
)
def test_a_program_is_refused_what_cannot_be(moot, path, given, status):
    iris = program(moot, "iris")
    iris.ask("POST", WORDS, {"kind": "claim", "words": ["heating"]})

    assert iris.ask("POST", path, given).status_code == status

    (shown,) = iris.ask("GET", WORDS).json["items"]
    assert (shown["alone"], shown["waits"]) == (False, False)


def test_the_terminal_asks_and_agrees_too(here):
    here.good(
        "topics words", "housing", "--kind", "claim", "--word", "heat*", by="iris"
    )
    urgent = ("--kind", "claim", "--urgent", "smoke")
    here.good("topics alone", "housing", *urgent, by="iris")
    agree = ("topics agree", "housing", "housing.claim/2")
    assert here.no(*agree, by="iris") == "case.second-person"
    here.good(*agree, by="olga")

    (shown,) = here.shown("topics show", "housing", by="iris")["items"]
    assert (shown["rule"], shown["alone"]) == ("housing.claim/3", True)
    here.good("topics alone", "housing", "--kind", "claim", by="olga")
    (shown,) = here.shown("topics show", "housing", by="iris")["items"]
    assert (shown["rule"], shown["alone"]) == ("housing.claim/4", False)


def test_somebody_else_agrees_and_the_case_says_who_sorted_it(house, cleo):
    homes, joined = Described("Homes", Method.MANUAL), "olga@ash.example"
    cleo.send(ALONE, sorts="claim", urgent="smoke")
    olga = members.join(house.node, joined, "coordinator")
    by = members.visitor(house.node, olga, "Olga")
    teams.create(house.node, homes, by=by)
    second = house.member(joined)
    second.open("/admin/topics/housing")
    assert (
        "Somebody asked that it sorts by itself. If you agree, it does." in second.text
    )

    second.send(AGREE)

    assert "Rule housing.claim/3 sorts by itself." in second.text
    guest, reference = house.told()
    work.sweep(house.node)
    guest.open(f"/cases/{reference}")
    assert "By rule housing.claim/3 of the community, from its words" in guest.text
    cleo.open(f"/desk/cases/{reference}")
    assert "By rule housing.claim/3 of the community, from its words" in cleo.text
    cleo.open("/desk")
    assert "Sorted by rule housing.claim/3: look at it" in cleo.text


def test_a_person_sorts_it_again_on_the_page(house, sorter):
    guest, reference = house.told()
    sorter.open("/desk/triage")
    sorter.send("/desk/triage", **TRIAGED)
    path = f"/desk/cases/{reference}/sort"
    sorter.open(f"/desk/cases/{reference}")
    assert path in sorter.links
    sorter.open(path)
    form = next(one for one in sorter.forms if one.action == path)
    assert (form.values["topic"], form.values["reason"]) == ("housing", "As usual")

    sorter.send(path, topic="work", reason="It is about wages")

    assert "It is sorted like this now. Its member reads why." in sorter.text
    guest.open(f"/cases/{reference}")
    assert "How it was sorted Topic Work" in guest.text
    assert "In turn It is about wages" in guest.text


def test_what_somebody_else_sorted_meanwhile_is_not_overwritten_unseen(house, sorter):
    _, reference = house.told()
    sorter.open("/desk/triage")
    sorter.send("/desk/triage", **TRIAGED)
    path, other = f"/desk/cases/{reference}/sort", house.member("cleo@ash.example")
    sorter.open(path)
    other.open(path)
    other.send(path, topic="work", reason="It is about wages")

    sorter.send(path, 409, tags="stairs")
    form = next(one for one in sorter.forms if one.action == path)
    assert form.values["tags"] == "stairs"
    other.open(path)
    form = next(one for one in other.forms if one.action == path)
    assert (form.values["topic"], form.values["tags"]) == ("work", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": ""}, "Give a reason"),
        ({"deadline_on": "2027-01-12"}, "Choose where it says so"),
        ({"deadline_on": "soon"}, "Name a day"),
    ],
)
def test_what_is_wrong_stays_typed(house, sorter, typed, said):
    _, reference = house.told()
    sorter.open("/desk/triage")
    sorter.send("/desk/triage", **TRIAGED)
    path = f"/desk/cases/{reference}/sort"
    sorter.open(path)

    sorter.send(path, 422, **{"topic": "work", **typed})

    assert said in sorter.text
    form = next(one for one in sorter.forms if one.action == path)
    assert form.values["topic"] == "work"


def test_what_is_not_possible_now_says_so(house):
    _, cleo, reference = house.taken()
    path = f"/desk/cases/{reference}/sort"
    cleo.open(path)

    cleo.send(path, 409, sensitivity="special")

    assert "Have it given back first." in cleo.text


def test_a_program_sorts_again_too(moot):
    made = moot.tell()
    moot.triage(made)
    iris = program(moot, "iris")
    fields = {"topic": "work", "reason": "It is about wages."}

    answer = iris.ask("POST", f"/api/v1/cases/{made.reference}/sort", fields)

    assert answer.status_code in {200, 202}, answer.json
    found = iris.ask("GET", f"/api/v1/cases/{made.reference}").json
    assert found["priority_reason"] == "It is about wages."
    wrong = iris.ask("POST", f"/api/v1/cases/{made.reference}/sort", {"topic": "none"})
    assert wrong.status_code == 422


def test_the_terminal_sorts_again_too(here):
    made = here.moot.tell()
    here.moot.triage(made)
    given = ("--topic", "work", "--reason", "Wages.")

    here.good("cases sort", made.reference, *given, by="iris")

    shown = here.shown("cases show", made.reference, by="iris")
    assert shown["priority_reason"] == "Wages."


def test_tags_stand_in_the_lists_of_desk_and_search(house, sorter):
    _, reference = house.told()
    sorter.open("/desk/triage")
    sorter.send("/desk/triage", **{**TRIAGED, "tags": "boiler, Elm Street"})
    sorter.open("/desk")
    assert "boiler, Elm Street" in sorter.text
    work.sweep(house.node)

    sorter.open("/search?q=boiler")

    assert reference in sorter.text
    assert "boiler, Elm Street" in sorter.text
    ben = house.member("ben@ash.example")
    ben.open("/desk")
    assert "Elm Street" not in ben.text
