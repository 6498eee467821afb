"""The office on the terminal and for programs: teams, holds, breaches, jobs, requests.

Each act is made once by a command and once by a program; what a look prints with
`--json` is what the API answers to the same person.
"""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import delete, update

from node import jobs
from node.jobs import Asked
from node.models.jobs import Job
from tests.support import members
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.support.commands import typed

ROLES = {"ada": "", "cleo": "advocate", "iris": "coordinator"}


class Office:
    """One community, as its operator and its programs see it."""

    def __init__(self, moot):
        self.moot, self.app = moot, app_of(moot.node)
        joined = members.join(moot.node, "vera@ash.example", "steward")
        self.ids = {**moot.ids, "vera": joined}

    def run(self, *words, by, stdin=None):
        self.moot.village.pass_time(seconds=30)
        line = (*map(str, words), "--person", str(self.ids[by]))
        return typed(self.moot, *line, stdin=stdin)

    def good(self, *words, by, stdin=None):
        done = self.run(*words, by=by, stdin=stdin)
        assert done.exit_code == 0, done.stderr
        return done.stdout.strip()

    def shown(self, *words, by):
        return json.loads(self.good(*words, "--json", by=by))

    def ask(self, method, path, body=None, *, by):
        self.moot.village.pass_time(seconds=30)
        role = ROLES.get(by, "steward")
        token = token_of(self.moot.node, self.ids[by], role=role)
        program = Program(self.app, self.moot.node, token)
        more = {"Idempotency_Key": str(uuid4())} if method == "POST" else {}
        return program.ask(method, f"/api/v1{path}", body, **more)

    def post(self, path, body=None, *, by, status=204):
        answer = self.ask("POST", path, body or {}, by=by)
        assert answer.status_code == status, answer.text
        return answer.json


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with moot_on("", tmp_path_factory.mktemp("moot")) as moot:
        yield Office(moot)


@pytest.fixture(autouse=True)
def _log():
    yield
    # The lines of the log went to a terminal that is gone.
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("words", "by", "path"),
    [
        (("teams", "list"), "iris", "/teams"),
        (("topics", "list"), "iris", "/topics"),
        (("holds", "list"), "dov", "/holds"),
        (("breaches", "list"), "dov", "/breaches"),
        (("jobs", "list"), "dov", "/jobs"),
        (("requests", "list"), "dov", "/requests"),
        (("requests", "list", "--own"), "ada", "/me/requests"),
        (("absences", "list"), "cleo", "/absences"),
        (("absences", "hours"), "cleo", "/me/work"),
    ],
)
def test_a_look_with_json_is_what_the_api_answers(office, words, by, path):
    office.run("teams", "create", f"Team {uuid4().hex[:6]}", by="iris")
    office.run("breaches", "report", by="dov", stdin="A list lay in the street.")
    if by == "ada":
        office.good("requests", "ask", "access", by=by, stdin="What do you know?")

    printed = office.shown(*words, by=by)
    answer = office.ask("GET", path, by=by)
    answered = answer.json

    assert answer.status_code == 200
    # Between the two looks some seconds went by.
    for found in (printed, answered):
        found.pop("oldest_seconds", None)
    assert printed == answered
    assert office.run(*words, by=by).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("teams", "list"), ("topics", "list"), ("holds", "list"), ("breaches", "list"),
        ("jobs", "list"), ("requests", "list"),
    ],
)  # fmt: skip
def test_an_operator_sees_no_more_than_the_person_may(office, words):
    done = office.run(*words, by="ben")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert office.ask("GET", f"/{words[0]}", by="ada").status_code == 403


def test_a_team_is_made_filled_changed_and_closed_by_commands(office):
    team = office.good("teams", "create", "Homes", "--topic", "housing", by="iris")
    office.good("teams", "place", team, office.ids["cleo"], "deputy", by="iris")
    words = ("--name", "Houses", "--method", "lottery")
    office.good("teams", "edit", team, *words, by="iris")

    shown = office.shown("teams", "show", team, by="iris")
    assert {one["name"]: one["place"] for one in shown["people"]} == {
        "Iris": "coordinator",
        "Cleo": "deputy",
    }
    assert (shown["name"], shown["method"]) == ("Houses", "lottery")
    assert (shown["topics"], shown["lacks"]) == ([], [])
    office.good("teams", "place", team, office.ids["cleo"], "out", by="iris")
    office.good("teams", "close", team, by="iris")
    shown = office.shown("teams", "show", team, by="iris")
    assert (shown["lacks"], shown["closed"]) == (["deputy"], True)


def test_a_team_is_made_filled_changed_and_closed_by_programs(office):
    given = {"name": "Debts", "topics": ["debt"], "method": "round_robin"}
    team = office.post("/teams", given, by="iris", status=201)["id"]
    seat = f"/teams/{team}/people/{office.ids['cleo']}"
    office.post(seat, {"place": "deputy"}, by="iris")
    changed = office.post(
        f"/teams/{team}", {**given, "areas": ["north"]}, by="iris", status=200
    )

    assert (changed["areas"], changed["lacks"]) == (["north"], [])
    office.post(seat, {"place": None}, by="iris")
    office.post(f"/teams/{team}/close", by="iris")
    shown = office.ask("GET", f"/teams/{team}", by="iris").json
    assert (shown["lacks"], shown["closed"]) == (["deputy"], True)
    again = office.ask("POST", "/teams", given, by="iris")
    assert (again.status_code, again.json["code"]) == (422, "invalid.choice")
    assert office.ask("GET", f"/teams/{uuid4()}", by="iris").status_code == 404


def test_which_teams_take_a_topic_is_chosen_by_a_command(office):
    team = office.good("teams", "create", "Work", "--topic", "work", by="iris")

    office.good("topics", "choose", "health", "--team", team, by="iris")

    takers = {
        it["code"]: it["teams"]
        for it in office.shown("topics", "list", by="iris")["items"]
    }
    assert team in {one["id"] for one in takers["health"]}


def test_a_hold_takes_two_stewards_on_the_terminal_too(office):
    ref = office.moot.tell(by=office.moot["ada"]).reference
    until = f"{office.moot.node.now() + timedelta(days=30):%Y-%m-%d}"

    hold = office.good(
        "holds", "put-up", ref, "--until", until, by="dov", stdin="A court asked."
    )
    own = office.run("holds", "agree", hold, by="dov")
    office.good("holds", "agree", hold, by="vera")
    (line,) = office.shown("holds", "list", by="dov")["items"]
    office.good("holds", "end", hold, by="vera")

    assert own.stderr.startswith("Error: case.second-person: ")
    assert (line["id"], line["agreed"], line["second"]) == (hold, True, "Vera")
    assert line["reason"] == "A court asked."
    assert office.shown("holds", "list", by="dov") == {"items": []}


def test_a_breach_is_written_down_and_dealt_with_by_commands(office):
    breach = office.good(
        "breaches", "report", "--hours", "2", "--people", "7", by="dov",
        stdin="A list lay in the street.",
    )  # fmt: skip
    office.good("breaches", "step", breach, "notify", by="vera", stdin="By letter.")

    shown = office.shown("breaches", "show", breach, by="dov")
    assert (shown["people"], shown["state"]) == (7, "notified")
    told = [(one["step"], one["name"], one["words"]) for one in shown["done"]]
    assert told == [
        (None, "Dov", "A list lay in the street."),
        ("notify", "Vera", "By letter."),
    ]
    table = office.good("breaches", "show", breach, by="dov").splitlines()
    assert [line.split()[3] for line in table[1:]] == ["-", "notify"]
    office.good("breaches", "step", breach, "close", "--words", "Done.", by="dov")
    late = office.run("breaches", "step", breach, "notify", "--words", "A", by="dov")
    assert late.stderr.startswith("Error: case.wrong-state: ")


def test_a_breach_is_written_down_and_dealt_with_by_programs(office):
    told = {"words": "A list lay in the street.", "hours": 2, "people": 7}
    breach = office.post("/breaches", told, by="dov", status=201)["id"]
    path = f"/breaches/{breach}"
    office.post(f"{path}/steps", {"step": "not_needed", "words": "Empty."}, by="vera")

    shown = office.ask("GET", path, by="dov").json
    assert (shown["state"], shown["people"]) == ("not_needed", 7)
    assert [one["step"] for one in shown["done"]] == [None, "not_needed"]
    old = office.ask("POST", "/breaches", {**told, "hours": 721}, by="dov")
    assert old.status_code == 422
    assert office.ask("GET", f"/breaches/{uuid4()}", by="dov").status_code == 404
    assert office.ask("POST", "/breaches", told, by="iris").status_code == 403


@pytest.mark.parametrize("door", ["command", "program"])
def test_work_that_was_given_up_is_tried_again_once(office, door):
    node = office.moot.node
    with node.begin() as tx:
        tx.execute(delete(Job))
        jobs.put(node, tx, Asked("errand", "one", node.now()))
        gone = {"dead_at": node.now(), "attempts": 12, "last_error": "mail.away"}
        tx.execute(update(Job).values(gone))
    (line,) = office.shown("jobs", "list", by="dov")["given_up"]
    assert (line["kind"], line["problem"]) == ("errand", "mail.away")
    assert "mail.away" in office.good("jobs", "list", by="dov")

    if door == "command":
        office.good("jobs", "again", line["id"], by="dov")
        twice = office.run("jobs", "again", line["id"], by="dov")
        assert twice.stderr.startswith("Error: case.wrong-state: ")
    else:
        office.post(f"/jobs/{line['id']}/again", by="dov")
        again = office.ask("POST", f"/jobs/{line['id']}/again", {}, by="dov")
        assert again.status_code == 409

    found = office.shown("jobs", "list", by="dov")
    assert found["given_up"] == []
    assert [one["name"] for one in found["kinds"]] == ["errand"]


def test_a_request_is_asked_answered_and_another_refused(office):
    first = office.good("requests", "ask", "access", by="ada", stdin="What is held?")
    words = ("requests", "ask", "objection", "--purpose", "contact_outreach")
    other = office.good(*words, by="ada", stdin="No mail, please.")

    assert "What is held?" in office.good("requests", "show", first, by="dov")
    office.good("requests", "answer", first, by="dov", stdin="Your name.")
    words = ("requests", "refuse", other, "--complain", "The authority")
    office.good(*words, by="dov", stdin="It is needed.")

    own = office.shown("requests", "list", "--own", by="ada")["items"]
    asked = {one["id"]: one for one in own}
    assert (asked[first]["state"], asked[first]["answer"]) == ("answered", "Your name.")
    assert asked[other]["complain"] == "The authority"
    settled = office.good("requests", "list", "--settled", by="dov")
    assert {first, other} <= {line.split()[0] for line in settled.splitlines()}
    assert "Dov: Your name." in office.good("requests", "show", first, by="dov")


def test_somebody_is_away_and_back_by_commands(office):
    now = office.moot.node.now()
    first, last = (f"{now + timedelta(days=it):%Y-%m-%d}" for it in (20, 30))
    words = ("--first", first, "--last", last, "--deputy", office.ids["eve"])

    absence = office.good("absences", "say", *words, by="cleo")
    twice = office.run("absences", "say", *words, by="cleo")
    (line,) = office.shown("absences", "list", by="cleo")["items"]
    office.good("absences", "end", absence, by="cleo")

    assert (line["id"], line["deputies"], line["now"]) == (absence, ["Eve"], False)
    assert twice.exit_code == 1
    assert office.shown("absences", "list", by="cleo") == {"items": []}


def test_hours_are_said_by_a_command_and_by_a_program(office):
    words = (
        "--language",
        "en",
        "--capacity",
        "3",
        "--on",
        "mon",
        "09:00-12:00,13:00-17:00",
    )
    office.good("absences", "set-hours", *words, by="cleo")

    lines = office.good("absences", "hours", by="cleo").splitlines()
    said = dict(line.split(maxsplit=1) for line in lines)
    assert (said["capacity"], said["mon"]) == ("3", "09:00-12:00, 13:00-17:00")
    given = office.ask("GET", "/me/work", by="cleo").json
    assert given["shifts"][0] == {"weekday": 0, "from_minute": 540, "to_minute": 720}
    kept = office.post("/me/work", {**given, "capacity": 5}, by="cleo", status=200)
    assert kept == {**given, "capacity": 5}
    wrong = office.ask("POST", "/me/work", {"skills": ["magic"]}, by="cleo")
    assert (wrong.status_code, wrong.json["code"]) == (422, "invalid.choice")
    bad = office.run("absences", "set-hours", "--on", "mon", "nine", by="cleo")
    assert bad.exit_code == 2
    assert "hours look like 09:00-12:00" in bad.stderr
