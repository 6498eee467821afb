"""Who is on call, through the pages, for programs and on the terminal."""

import json
import re
from datetime import timedelta

import pytest

from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.support.commands import typed
from tests.web.conftest import TRIAGED

ROSTER = "/admin/roster"


@pytest.fixture
def cleo(house):
    cleo = house.member("cleo@ash.example")
    cleo.open(ROSTER)
    return cleo


def person(reader, name):
    return re.search(rf'<option value="([^"]+)">{name}', reader.html)[1]


def turn(house, reader, name="Ben Ito", first=1, until=9, **more):
    now = house.node.now().replace(tzinfo=None)
    return {
        "person": person(reader, name),
        "first": f"{now + timedelta(hours=first):%Y-%m-%dT%H:%M}",
        "until": f"{now + timedelta(hours=until):%Y-%m-%dT%H:%M}",
        "rank": "1",
        **more,
    }


def test_the_roster_is_for_those_who_share_out_cases(house):
    ben = house.member("ben@ash.example")

    ben.open(ROSTER, status=403)


def test_without_turns_the_whole_time_is_a_gap(cleo):
    assert "Nobody is on call from" in cleo.text
    assert "For all teams" in cleo.text
    cleo.open("/admin/")
    assert 'href="/admin/roster"' in cleo.html


def test_somebody_is_put_on_call_told_and_taken_out(house, cleo):
    cleo.send(ROSTER, **turn(house, cleo))

    assert "They are told." in cleo.text
    assert re.search(r"Ben Ito from .* until .* first Take out", cleo.text)
    house.village.work(house.node)
    said = [mail["Subject"] for to, mail in house.village.mails if "ben@" in to]
    assert any(it.startswith("You are on call from") for it in said)

    (out,) = [it.action for it in cleo.forms if it.action.endswith("/out")]
    cleo.send(out)
    assert not [it for it in cleo.forms if it.action.endswith("/out")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"person": ""}, "Choose a person"),
        ({"first": ""}, "Choose a day and a time"),
        ({"until": "soon"}, "Choose a day and a time."),
        ({"until": "2026-03-01T10:00"}, "A turn ends after it begins, to come."),
        ({"rank": "7"}, "Choose a place"),
        ({"team": "nobody"}, "Choose a team from the list."),
    ],
)
def test_what_is_wrong_with_a_turn_is_said_and_nothing_is_lost(
    house, cleo, typed, said
):
    given = {**turn(house, cleo), **typed}

    cleo.send(ROSTER, status=422, **given)

    assert said in cleo.text
    (form,) = [it for it in cleo.forms if "until" in it.values]
    assert form.values["until"] == given["until"]


def test_a_turn_is_offered_and_taken_over_on_the_page_of_absences(house, cleo):
    cleo.send(ROSTER, **turn(house, cleo))
    ben = house.member("ben@ash.example")
    ben.open("/me/absences")
    (offer,) = [it for it in ben.forms if it.action.endswith("/offer")]
    ben.send(offer.action, wanted="yes")
    assert "yours until somebody takes it" in ben.text
    (keep,) = [it for it in ben.forms if it.action.endswith("/offer")]
    ben.send(keep.action, wanted="no")
    assert "yours until somebody takes it" not in ben.text
    ben.send(keep.action, wanted="yes")

    cleo.open("/me/absences")
    assert "Ben Ito looks for somebody from" in cleo.text
    (take,) = [it.action for it in cleo.forms if it.action.endswith("/take")]
    cleo.send(take)

    assert "You are on call then." in cleo.text
    ben.open("/me/absences")
    assert "You are not on call, and nobody looks for somebody." in ben.text


def test_who_is_on_call_then_already_takes_no_other_turn(house, cleo):
    cleo.send(ROSTER, **turn(house, cleo))
    cleo.send(ROSTER, **turn(house, cleo, "Cleo Marsh", rank="2"))
    ben = house.member("ben@ash.example")
    ben.open("/me/absences")
    (offer,) = [it for it in ben.forms if it.action.endswith("/offer")]
    ben.send(offer.action, wanted="yes")
    cleo.open("/me/absences")
    (take,) = [it.action for it in cleo.forms if it.action.endswith("/take")]

    cleo.send(take, status=422)

    assert "They are on call then already." in cleo.text
    assert "Ben Ito looks for somebody" in cleo.text


def test_an_absence_over_a_turn_is_said_at_once_with_who_stands_in(house, cleo):
    today = house.node.now().date()
    cleo.send(ROSTER, **turn(house, cleo, "Cleo Marsh", 24, 96))
    cleo.open("/me/absences")
    day = (today + timedelta(days=2)).isoformat()

    cleo.send("/me/absences", first=day, last=day)
    assert "and nobody stands in." in cleo.text
    (end,) = [it.action for it in cleo.forms if it.action.endswith("/end")]
    cleo.send(end)
    cleo.open("/me/absences")
    cleo.send("/me/absences", first=day, last=day, deputy_1=person(cleo, "Ben Ito"))

    assert "Ben Ito is called instead." in cleo.text
    cleo.open(ROSTER)
    assert "Ben Ito is called instead." in cleo.text


def test_danger_ticked_at_triage_calls_who_is_on_call_and_then_the_others(house, cleo):
    cleo.send(ROSTER, **turn(house, cleo, "Cleo Marsh", -1))
    house.told()
    cleo.open("/desk/triage")
    assert "whoever is on call is told at once" in cleo.text
    danger = {"danger": "yes", "priority": "urgent", "reason": "A fire."}

    cleo.send("/desk/triage", **{**TRIAGED, **danger})

    house.village.work(house.node)
    said = [mail["Subject"] for _, mail in house.village.mails]
    assert sum(it.startswith("You are on call. Danger:") for it in said) == 1
    assert not any(it.startswith("Danger:") for it in said)
    house.village.pass_time(minutes=15)
    house.village.work(house.node)
    said = [mail["Subject"] for _, mail in house.village.mails]
    assert any(it.startswith("Danger:") for it in said)


def hours(moot, *ahead):
    now = moot.node.now()
    return [(now + timedelta(hours=it)).isoformat() for it in ahead]


def test_a_program_puts_on_call_and_hands_over(tmp_path):
    with moot_on("", tmp_path) as moot:
        app = app_of(moot.node)
        roles = {"iris": "coordinator", "cleo": "advocate", "eve": "advocate"}
        asks = {
            who: Program(app, moot.node, token_of(moot.node, moot.ids[who], role=role))
            for who, role in roles.items()
        }
        first, until = hours(moot, 1, 5)
        told = {"from_at": first, "until_at": until, "whom": str(moot.ids["cleo"])}
        path = "/api/v1/roster"

        made = asks["iris"].ask("POST", path, told)
        again = asks["iris"].ask("POST", path, told)
        mine = f"/api/v1/me/turns/{made.json['id']}"
        early = asks["eve"].ask("POST", f"{mine}/take", {})
        offered = asks["cleo"].ask("POST", f"{mine}/offer", {})
        taken = asks["eve"].ask("POST", f"{mine}/take", {})

        assert (made.status_code, offered.status_code) == (201, 204)
        assert (again.status_code, again.json["code"]) == (422, "invalid.choice")
        assert (early.status_code, taken.status_code) == (404, 204)
        (turn,) = asks["eve"].ask("GET", "/api/v1/me/turns").json["items"]
        assert (turn["id"], turn["own"], turn["name"]) == (made.json["id"], True, "Eve")
        (lane,) = asks["iris"].ask("GET", path).json["items"]
        assert [it["name"] for it in lane["turns"]] == ["Eve"]
        assert lane["gaps"][0]["until_at"] == turn["from_at"]
        assert asks["iris"].ask("DELETE", f"{path}/{turn['id']}").status_code == 204
        assert asks["cleo"].ask("GET", path).status_code == 403


def test_the_terminal_does_the_same(tmp_path):
    with moot_on("", tmp_path) as moot:

        def run(*words, by):
            done = typed(moot, "roster", *words, "--person", str(moot.ids[by]))
            assert done.exit_code == 0, done.stderr
            return done.stdout.strip()

        first, until = hours(moot, 1, 5)
        whom = ("--whom", str(moot.ids["cleo"]))
        turn = run("put", *whom, "--from-at", first, "--until-at", until, by="iris")
        run("offer", turn, by="cleo")
        assert "Cleo" in run("list", "--own", by="eve")
        run("offer", turn, "--keep", by="cleo")
        assert "Cleo" not in run("list", "--own", by="eve")
        run("offer", turn, by="cleo")
        run("take", turn, by="eve")

        assert "Eve" in run("list", by="iris")
        assert "Nobody is on call from 2026-" in run("list", by="iris")
        assert "items" in json.loads(run("list", "--json", by="iris"))
        run("remove", turn, by="iris")
        assert "Eve" not in run("list", by="iris")
