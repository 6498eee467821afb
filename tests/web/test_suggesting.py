"""Words that suggest a topic: kept at the office, taken over at triage."""

import pytest
import structlog

from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.support.commands import Terminal
from tests.web.conftest import TRIAGED

WORDS = "/admin/topics/housing/words"
API = "/api/v1/topics/housing/words"


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


@pytest.fixture
def here(moot):
    yield Terminal(moot)
    structlog.reset_defaults()


@pytest.fixture
def cleo(house):
    return house.member("cleo@ash.example")


def keep(cleo, status=200, **typed):
    cleo.open("/admin/topics/housing")
    cleo.send(WORDS, status, **typed)


def chosen(reader):
    form = next(one for one in reader.forms if one.action == "/desk/triage/discard")
    assert form
    posts = (one for one in reader.forms if one.action == "/desk/triage")
    return next(one for one in posts if "reason" in one.names).values


def test_words_are_kept_and_the_page_names_the_rule(cleo):
    keep(cleo, claim="heating\n\nlandlord*\nHeating", question="how do I")

    assert "Triage is shown what these words suggest from now on." in cleo.text
    assert "Now rule housing.claim/1." in cleo.text
    assert "Now rule housing.question/1." in cleo.text
    form = next(one for one in cleo.forms if one.action == WORDS)
    assert form.values["claim"].split() == ["heating", "landlord*"]
    keep(cleo, claim="", question="how do I")
    assert "housing.claim" not in cleo.text
    assert "Now rule housing.question/1." in cleo.text


def test_what_is_no_word_is_refused_and_stays_typed(cleo):
    keep(cleo, 422, claim="heating\n!!!")

    assert "Each is a word or a few" in cleo.text
    form = next(one for one in cleo.forms if one.action == WORDS)
    assert "!!!" in form.values["claim"]
    cleo.open("/admin/topics/housing")
    assert "Now rule" not in cleo.text


def test_one_press_puts_what_the_words_suggest_into_the_form(house, cleo):
    keep(cleo, claim="heating\nlandlord*")
    _, reference = house.told()
    cleo.open("/desk/triage")
    assert "Rule housing.claim/1, by these words: heating, landlord*" in cleo.text
    assert chosen(cleo)["rule"] == ""
    assert chosen(cleo).get("kind", "") == ""

    cleo.open(f"/desk/triage?ref={reference}&rule=housing.claim/1")

    assert "It stands in the form." in cleo.text
    values = chosen(cleo)
    assert (values["topic"], values["kind"], values["rule"]) == (
        "housing", "claim", "housing.claim/1",
    )  # fmt: skip
    cleo.send("/desk/triage", priority="normal", reason="As usual")
    assert "The case is in the queue." in cleo.text


@pytest.mark.parametrize(
    "asked", ["ref={ref}&rule=housing.claim/9", "rule=housing.claim/1"]
)
def test_what_no_rule_suggests_of_this_case_is_in_no_form(house, cleo, asked):
    keep(cleo, claim="heating")
    _, reference = house.told()

    cleo.open("/desk/triage?" + asked.format(ref=reference))

    assert "Put it into the form" in cleo.text
    assert chosen(cleo)["rule"] == ""


def test_what_is_typed_wrongly_keeps_the_rule_that_was_taken_over(house, cleo):
    keep(cleo, claim="heating")
    _, reference = house.told()
    cleo.open(f"/desk/triage?ref={reference}&rule=housing.claim/1")

    cleo.send("/desk/triage", 422, priority="normal", reason="")

    assert chosen(cleo)["rule"] == "housing.claim/1"


def test_without_words_triage_is_as_before(house, cleo):
    house.told()
    cleo.open("/desk/triage")
    assert "What the words suggest" not in cleo.text

    cleo.send("/desk/triage", **TRIAGED)

    assert "The case is in the queue." in cleo.text


def test_a_program_keeps_words_and_takes_over_what_they_suggest(moot):
    made = moot.tell(text="The heating is off.")
    authority = token_of(moot.node, moot.ids["iris"], role="coordinator")
    iris = Program(app_of(moot.node), moot.node, authority)
    assert iris.ask("GET", "/api/v1/triage").json["item"]["suggestion"] is None

    words = {"kind": "claim", "words": ["heating"]}
    assert iris.ask("POST", API, words).status_code == 204

    assert iris.ask("GET", API).json["items"] == [
        {
            "rule": "housing.claim/1",
            **words,
            "alone": False,
            "waits": False,
            "urgent": [],
        }
    ]
    found = iris.ask("GET", "/api/v1/triage").json["item"]["suggestion"]
    assert found == {"rule": "housing.claim/1", "topic": "housing", **words}
    taken = {key: found[key] for key in ("rule", "topic", "kind")}
    path = f"/api/v1/cases/{made.reference}/moves/triage"
    answer = iris.ask("POST", path, taken)
    assert answer.status_code in {200, 202}, answer.json


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "collective", "words": ["x"]},
        {"kind": "claim", "words": [""]},
        {"kind": "claim", "words": ["!"]},
        {"kind": "claim"},
        {"words": ["heating"]},
    ],
)
def test_a_program_is_refused_what_is_no_rule(moot, given):
    authority = token_of(moot.node, moot.ids["iris"], role="coordinator")
    iris = Program(app_of(moot.node), moot.node, authority)

    assert iris.ask("POST", API, given).status_code == 422

    assert iris.ask("GET", API).json["items"] == []


def test_the_terminal_keeps_words_too(here):
    words = ("--kind", "claim", "--word", "heating", "--word", "landlord*")
    here.good("topics words", "housing", *words, by="iris")

    shown = here.shown("topics show", "housing", by="iris")["items"]
    assert [(it["rule"], it["words"]) for it in shown] == [
        ("housing.claim/1", ["heating", "landlord*"])
    ]
    assert "housing.claim/1" in here.good("topics show", "housing", by="iris")
    here.good("topics words", "housing", "--kind", "claim", by="iris")
    assert here.shown("topics show", "housing", by="iris")["items"] == []
    assert here.no("topics words", "housing", *words, by="ada") == "rules.denied"
