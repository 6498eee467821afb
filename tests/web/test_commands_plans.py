"""Plans, replies that leave later, and what was spoken: typed, and read again."""

from datetime import datetime, timedelta

import pytest
import structlog
from sqlalchemy import update

from governance.cases import State
from node.models.start import Community
from tests.support.cast import moot_on
from tests.support.commands import Terminal
from tests.support.engines import ENGINES, server_of


@pytest.fixture(scope="module", params=ENGINES)
def moot(request, tmp_path_factory):
    with moot_on(server_of(request), tmp_path_factory.mktemp("moot")) as moot:
        yield moot


@pytest.fixture
def here(moot):
    yield Terminal(moot)
    structlog.reset_defaults()


@pytest.fixture
def ref(moot):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, State.WORKING)
    return made.reference


def clock(moot, **after):
    """Return a moment to come as the clocks of the community show it."""
    return f"{moot.node.now() + timedelta(**after):%Y-%m-%dT%H:%M}"


def test_a_plan_is_made_ticked_off_and_changed(moot, here, ref):
    due = f"{moot.node.now() + timedelta(days=9):%Y-%m-%d}"
    words = ("--owner", "member", "--due", due)
    printed = here.good("cases plan add", ref, *words, by="cleo", stdin="Find it.\n")
    here.good(
        "cases plan add", ref, "--owner", "other", "--title", "Answer.", by="cleo"
    )

    first, second = here.shown("cases plan list", ref, by="ada")["steps"]
    assert printed.splitlines()[1].startswith(f"{first['id']}  member")
    assert (first["title"], second["owner"]) == ("Find it.", "other")
    assert here.shown("cases plan list", ref, by="cleo") == here.answered(
        f"/cases/{ref}/plan", by="cleo"
    )
    here.good("cases plan done", ref, first["id"], by="ada")
    assert here.no("cases plan done", ref, second["id"], by="ada") == "case.not-yours"
    steps = here.shown("cases plan list", ref, by="ada")["steps"]
    assert [(one["title"], one["done_by"]) for one in steps if one["done_at"]] == [
        ("Find it.", "Ada")
    ]
    here.good("cases plan undo", ref, first["id"], by="ada")
    here.good("cases plan remove", ref, second["id"], by="cleo")
    (left,) = here.shown("cases plan list", ref, by="ada")["steps"]
    assert (left["id"], left["done_at"]) == (first["id"], None)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--due", "soon"), "invalid"),
        (("--due", "2020-01-01"), "invalid.choice"),
        (("--title", ""), "invalid"),
        (("--title", "x" * 201), "invalid"),
    ],
)
def test_a_step_that_is_none_is_refused(here, ref, words, code):
    words = (*words, "--owner", "member")

    assert here.no("cases plan add", ref, *words, by="cleo", stdin="It.") == code
    assert here.shown("cases plan list", ref, by="ada")["steps"] == []


def test_a_reply_waits_is_changed_and_leaves_at_its_moment(moot, here, ref):
    words = ("--at", clock(moot, hours=2))
    printed = here.good("cases later write", ref, *words, by="cleo", stdin="Soon.")
    (line,) = here.shown("cases later list", ref, by="cleo")["items"]
    assert printed.splitlines()[1].startswith(line["id"])
    assert here.answered(f"/cases/{ref}/later", by="cleo") == {"items": [line]}

    at = f"{moot.node.now() + timedelta(hours=3):%Y-%m-%dT%H:%M}Z"
    seen = ("--at", at, "--text", "Now.", "--version")
    here.good("cases later change", ref, line["id"], *seen, 1, by="cleo")
    old = here.no("cases later change", ref, line["id"], *seen, 1, by="cleo")
    (line,) = here.shown("cases later list", ref, by="cleo")["items"]
    assert (old, line["version"], line["text"]) == ("case.conflict", 2, "Now.")
    assert line["due_at"].startswith(at[:-1])
    moot.village.pass_time(hours=3)
    moot.village.work(moot.node)

    assert here.run("cases later list", ref, by="cleo").stderr == "Nothing.\n"
    assert "Now." in here.good("cases show", ref, by="ada")


@pytest.fixture
def berlin(moot):
    """The community, for as long as it lives by the clocks of Berlin."""
    for zone in ("Europe/Berlin", "Etc/UTC"):
        with moot.node.begin() as tx:
            tx.execute(update(Community).values(zone=zone))
        if zone != "Etc/UTC":
            yield


@pytest.mark.usefixtures("berlin")
def test_a_moment_without_a_zone_is_of_the_communitys_clock(moot, here, ref):
    at = clock(moot, hours=5)
    ahead = timedelta(hours=1)

    (line,) = here.shown(
        "cases later write", ref, "--at", at, by="cleo", stdin="Soon."
    )["items"]

    assert datetime.fromisoformat(line["due_at"]) == (
        datetime.fromisoformat(f"{at}Z") - ahead
    )
    assert here.no(
        "cases later write", ref, "--at", "at noon", by="cleo", stdin="Soon."
    ) == "invalid.choice"  # fmt: skip


def test_a_reply_is_taken_back_before_it_leaves(moot, here, ref):
    words = ("--at", clock(moot, hours=5), "--text", "Soon.")
    (line,) = here.shown("cases later write", ref, *words, by="cleo")["items"]

    assert here.no("cases later cancel", ref, line["id"], by="ada") == "not-found"
    here.good("cases later cancel", ref, line["id"], by="cleo")

    assert here.shown("cases later list", ref, by="cleo") == {"items": []}


def test_a_call_is_written_down_and_its_member_denies_it(moot, here, ref):
    moot.village.pass_time(hours=2)
    at = f"{moot.node.now() - timedelta(hours=1):%Y-%m-%dT%H:%M}Z"
    words = ("--direction", "in", "--channel", "phone", "--at", at)

    said = here.good("cases spoken", ref, *words, by="cleo", stdin="It is warm now.")
    entry = here.shown("cases show", ref, by="ada")["timeline"][-1]
    page = here.good("cases show", ref, by="ada")

    assert said == f"It is entry {entry['seq']} of {ref}."
    assert (entry["text"], entry["spoken"]["by_name"]) == ("It is warm now.", "Cleo")
    assert f"      written down as {entry['spoken']['id']}" in page
    own = here.no("cases deny", ref, entry["spoken"]["id"], by="cleo")
    assert own == "case.not-yours"
    here.good("cases deny", ref, entry["spoken"]["id"], by="ada")
    entries = here.shown("cases show", ref, by="ada")["timeline"]
    (denied,) = [one for one in entries if one["seq"] == entry["seq"]]
    assert denied["spoken"]["denied_at"] is not None


def test_that_nobody_answered_is_written_down_once_a_day(here, ref):
    here.good("cases ask", ref, "--text", "Since when?", by="cleo")

    here.good("cases tried", ref, "--channel", "phone", by="cleo")

    again = here.no("cases tried", ref, "--channel", "phone", by="cleo")
    assert again == "case.wrong-state"
    last = here.shown("cases show", ref, by="ada")["timeline"][-1]
    assert (last["kind"], last["channel"]) == ("tried", "phone")
