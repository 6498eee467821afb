"""Going on together, for programs: the same acts and the same refusals."""

import pytest

from governance.cases import Act, State
from governance.consent import Purpose
from node import consent
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of

PATH = "/api/v1/cases"
ABOUT = "Damp in Mill Street."


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


@pytest.fixture
def matter(moot):
    made = moot.tell(topic="housing", name="Rosa")
    moot.bring(made, State.WORKING)
    by, purpose = moot.guest(made), Purpose.JOIN_COLLECTIVE
    consent.give(moot.node, made.reference, purpose, "", by=by)
    return made


def program(moot, name, role):
    authority = token_of(moot.node, moot.ids[name], role=role)
    return Program(app_of(moot.node), moot.node, authority)


def holder(moot, made):
    return Program(app_of(moot.node), moot.node, f"Link {made.link_token}")


def opened(moot, matter):
    desk = program(moot, "iris", "coordinator")
    return desk.ask("POST", f"{PATH}/{matter.reference}/together", {"about": ABOUT})


def test_a_program_opens_joins_tells_and_leaves(moot, matter):
    made = opened(moot, matter)
    assert (made.status_code, made.json["about"]) == (200, ABOUT)
    told = moot.tell(text="It is damp here.", topic="housing", name="Ines")
    own, path = holder(moot, told), f"{PATH}/{told.reference}"
    (line,) = own.ask("GET", f"{path}/together").json["offers"]

    fields = {"matter": line["reference"], "agrees": "counted joiners"}
    joined = own.ask("POST", f"{path}/moves/join", fields)

    assert (joined.json["state"], joined.json["outcome"]) == ("closed", "joined")
    shown = own.ask("GET", f"{path}/together").json["joined"]
    assert (shown["about"], shown["joined"]) == (ABOUT, 1)
    assert sorted(shown["agrees"]) == ["counted", "joiners"]
    cleo = program(moot, "cleo", "advocate")
    desk = cleo.ask("GET", f"{PATH}/{matter.reference}/together").json
    assert (desk["counted"], desk["to_joiners"]) == (1, ["Ines"])
    news = {"text": "They come on Monday."}
    sent = cleo.ask("POST", f"{PATH}/{matter.reference}/updates", news)
    assert sent.status_code == 201
    timeline = own.ask("GET", path).json["timeline"]
    assert timeline[-1]["text"] == "They come on Monday."
    assert own.ask("DELETE", f"{path}/together").status_code == 204
    assert own.ask("GET", f"{path}/together").json["joined"] is None


def test_what_is_wrong_is_refused_with_its_code(moot, matter):
    opened(moot, matter)
    told = moot.tell(text="It is damp here.")
    own, path = holder(moot, told), f"{PATH}/{told.reference}"

    def code(method, where, fields=None):
        answer = own.ask(method, f"{path}/{where}", fields)
        return answer.status_code, answer.json["code"]

    assert code("POST", "moves/join", {}) == (422, "invalid.choice")
    assert code("POST", "moves/join", {"matter": "AM-0000000"}) == (404, "not-found")
    odd = {"matter": matter.reference, "agrees": "everything"}
    assert code("POST", "moves/join", odd) == (422, "invalid.choice")
    assert code("DELETE", "together") == (409, "case.wrong-state")
    assert code("POST", "together", {"about": ABOUT}) == (403, "case.not-yours")
    assert code("POST", "updates", {"text": "Hello."}) == (403, "case.not-yours")


def test_without_consent_the_desk_opens_nothing(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)

    answer = opened(moot, made)

    assert (answer.status_code, answer.json["code"]) == (403, "consent.missing")


def test_a_program_says_if_it_is_solved_for_one_claimant(moot, matter):
    opened(moot, matter)
    told = moot.tell(text="It is damp here.", topic="housing")
    own, path = holder(moot, told), f"{PATH}/{told.reference}"
    early = own.ask("POST", f"{path}/together/answer", {"answer": "solved"})
    assert (early.status_code, early.json["code"]) == (409, "case.wrong-state")
    own.ask("POST", f"{path}/moves/join", {"matter": matter.reference})
    moot.act(matter, Act.RESOLVE, moot["cleo"], text="It is dry.")

    said = own.ask("POST", f"{path}/together/answer", {"answer": "partly"})

    shown = said.json["joined"]
    assert (shown["answer"], shown["may_answer"], shown["lapsed"]) == (
        "partly",
        True,
        False,
    )
    desk = program(moot, "cleo", "advocate")
    tally = desk.ask("GET", f"{PATH}/{matter.reference}/together").json["tally"]
    assert (tally["answered"], tally["asked"], tally["partly"]) == (1, 2, 1)
    more = {"answer": "not_solved", "text": "It is wet again."}
    assert own.ask("POST", f"{path}/together/answer", more).status_code == 200
    assert own.ask("GET", path).json["state"] == "queued"
    odd = own.ask("POST", f"{path}/together/answer", {"answer": "maybe"})
    assert odd.status_code == 422


def test_a_program_says_that_what_was_due_is_done(moot, matter):
    opened(moot, matter)
    for _ in range(5):
        told = moot.tell(text="It is damp here.", topic="housing")
        moot.act(told, Act.JOIN, moot.guest(told), matter=matter.reference)
    moot.village.work(moot.node)
    desk, path = program(moot, "gus", "coordinator"), f"{PATH}/{matter.reference}"
    (due,) = desk.ask("GET", f"{path}/together").json["due"]
    assert (due["mark"], due["done"], due["may_settle"]) == ("review", False, True)

    done = desk.ask("POST", f"{path}/together/due", {"mark": "review"})

    assert done.json["due"][0]["done"] is True
    other = desk.ask("POST", f"{path}/together/due", {"mark": "agenda"})
    assert (other.status_code, other.json["code"]) == (404, "not-found")
