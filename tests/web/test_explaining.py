"""Why a promise was missed: said on both pages, by a program, on the terminal."""

import re

import pytest
import structlog

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.support.commands import Terminal


@pytest.fixture
def here(moot):
    yield Terminal(moot)
    structlog.reset_defaults()


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


@pytest.fixture
def made(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    moot.village.pass_time(days=20)
    moot.village.work(moot.node)
    return made


def program(moot, name, role="member"):
    authority = token_of(moot.node, moot.ids[name], role=role)
    return Program(app_of(moot.node), moot.node, authority)


def promises(moot, made, by="ada"):
    path = f"/api/v1/cases/{made.reference}"
    return program(moot, by).ask("GET", path).json["pledges"]


def missed(moot, made):
    return next(one for one in promises(moot, made) if one["missed_at"])


def test_a_program_says_why_and_the_case_shows_it(moot, made):
    miss = missed(moot, made)
    path = f"/api/v1/cases/{made.reference}/misses/{miss['id']}"
    iris = program(moot, "iris", "coordinator")

    assert iris.ask("POST", path, {"cause": "unclear_rule"}).status_code in {202, 204}

    found = {one["id"]: one["cause"] for one in promises(moot, made)}
    assert found[miss["id"]] == "unclear_rule"
    case = program(moot, "ada").ask("GET", f"/api/v1/cases/{made.reference}").json
    line = case["timeline"][-1]
    assert (line["kind"], line["cause"], line["pledge"]) == (
        "cause", "unclear_rule", miss["kind"],
    )  # fmt: skip


def test_a_program_is_refused_what_a_page_refuses(moot, made):
    miss = missed(moot, made)
    path = f"/api/v1/cases/{made.reference}/misses/{miss['id']}"
    iris = program(moot, "iris", "coordinator")

    assert iris.ask("POST", path, {"cause": "weather"}).status_code == 422
    assert iris.ask("POST", path, {}).status_code == 422
    mine = program(moot, "ada").ask("POST", path, {"cause": "other"})
    assert (mine.status_code, mine.json["code"]) == (403, "case.not-yours")
    eve = program(moot, "eve", "advocate")
    assert eve.ask("POST", path, {"cause": "other"}).status_code == 404
    kept = next(one for one in promises(moot, made) if not one["missed_at"])
    path = path.replace(miss["id"], kept["id"])
    again = iris.ask("POST", path, {"cause": "other"})
    assert (again.status_code, again.json["code"]) == (409, "case.wrong-state")


def test_the_terminal_says_it_too(moot, made, here):
    miss = missed(moot, made)
    words = (made.reference, miss["id"], "--cause", "waiting_outside")

    assert here.no("cases missed", *words, by="ada") == "case.not-yours"
    here.good("cases missed", *words, by="iris")

    shown = here.good("cases show", made.reference, by="iris")
    assert "cause, Iris" in shown
    assert re.search(rf"waiting_outside +{miss['id']}", shown)


@pytest.fixture
def overdue(house):
    """A case that nobody read in time, its guest, and who shares out cases."""
    guest, reference = house.told()
    house.village.pass_time(days=5)
    house.village.work(house.node)
    house.village.pass_time(days=30)
    return guest, house.member("cleo@ash.example"), reference


def test_on_its_page_one_press_says_why_and_the_member_reads_it(overdue):
    guest, cleo, reference = overdue
    desk = f"/desk/cases/{reference}"
    cleo.open(desk)
    assert "Cause: nobody had room for it" in cleo.text

    cleo.send(f"{desk}/cause", 422)
    assert "Choose why it was missed" in cleo.text
    miss = re.search(r'name="miss".*?<option value="([^"]+)"', cleo.html, re.DOTALL)[1]
    cleo.send(f"{desk}/cause", miss=miss, cause="mis_triage")

    assert "It counts with this cause now. The miss stays." in cleo.text
    assert "Cause: it was sorted wrongly" in cleo.text
    assert "missed: was due" in cleo.text
    guest.open(f"/cases/{reference}")
    assert re.search(r"said why a promise was missed \(.+\): it was sorted", guest.text)
    assert "Say why a promise was missed" not in guest.text


def test_what_is_no_cause_or_no_promise_is_said_so(overdue):
    _, cleo, reference = overdue
    path = f"/desk/cases/{reference}/cause"
    cleo.open(f"/desk/cases/{reference}")
    form = next(one for one in cleo.forms if one.action == path)

    cleo.post(path, 422, **{**form.values, "cause": "weather"})
    assert "Choose why it was missed" in cleo.text
    cleo.post(path, 422, **{**form.values, "miss": "none", "cause": "other"})
    assert "Choose a promise" in cleo.text


def test_the_month_lists_them_for_whoever_shares_them_out(house, overdue):
    guest, cleo, reference = overdue
    for somebody in (guest, house.reader(), house.member("dov@ash.example")):
        somebody.open("/misses/")
        assert "In cases you share out" not in somebody.text
        assert reference not in somebody.html
    cleo.open("/misses/")
    assert "In cases you share out" in cleo.text

    cleo.send(f"/desk/cases/{reference}/cause", cause="technical")

    assert re.fullmatch(r"/misses/\d{4}-\d\d\?done=explained#mine", cleo.path)
    assert "It counts with this cause now." in cleo.text
    chosen = re.findall(r'value="(\w+)" selected', cleo.html)
    assert chosen.count("technical") == 1


def test_where_nothing_was_missed_nothing_is_asked(house):
    _, cleo, reference = house.taken()

    cleo.open(f"/desk/cases/{reference}")

    assert "Say why a promise was missed" not in cleo.text
