"""A case from its first words to its last, as whoever runs the node types it."""

import json

import pytest
import structlog
from sqlalchemy import select

from governance.access import Field, Ground
from node.models.access import Access
from tests.support.commands import typed

TOLD = "The heating has been off for three weeks."


@pytest.fixture
def run(moot):
    def run(name, *words, by, stdin=None):
        moot.village.pass_time(seconds=30)
        person = ("--person", str(moot.ids[by]))
        return typed(moot, "cases", name, *words, *person, stdin=stdin)

    yield run
    # The lines of the log went to a terminal that is gone.
    structlog.reset_defaults()


def good(done):
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


def test_a_case_is_walked_from_triage_to_closed(run):
    ref = good(run("tell", by="ada", stdin=TOLD)).strip()

    shown = run("to-triage", by="iris")
    assert shown.stdout.startswith(f"{ref}  The heating")
    assert shown.stderr == "Waiting for triage: 1.\n"
    sorted_ = good(run("triage", ref, "--topic", "housing", by="iris"))
    assert sorted_ == f"{ref} is queued now.\n"
    assert good(run("next", by="cleo")) == f"{ref}\n"
    asked = good(run("ask", ref, by="cleo", stdin="Since when?\n"))
    assert asked == f"{ref} is waiting member now.\n"
    assert good(run("reply", ref, by="ada", stdin="May.")).startswith("It is entry ")
    done = good(run("resolve", ref, "--obtained", "120 EUR", by="cleo", stdin="Done."))
    assert done == f"{ref} is resolved now.\n"
    closed = good(run("confirm", ref, "--answer", "partly", by="ada"))
    assert closed == f"{ref} is closed now.\n"

    page = good(run("show", ref, by="ada"))
    assert "  state     closed, partly\n" in page
    assert [line for line in page.splitlines() if line.startswith("      ")] == [
        f"      {TOLD}", "      Since when?", "      May.", "      Done.",
    ]  # fmt: skip
    assert "first_response" in page


def test_two_coordinators_refuse_a_case(moot, run):
    ref = moot.tell(by=moot["ada"]).reference
    good(run("triage", ref, "--topic", "housing", by="iris"))
    good(run("refuse", ref, "--text-from", "-", by="iris", stdin="Ask the council."))

    behind = json.loads(good(run("behind", ref, "--json", by="olga")))
    (proposal,) = behind["proposals"]
    assert (proposal["by"], proposal["words"]) == ("Iris", "Ask the council.")
    own = run("refuse", ref, "--proposal", proposal["id"], by="iris")
    good(run("refuse", ref, "--proposal", proposal["id"], by="olga"))

    assert own.exit_code == 1
    assert own.stderr.startswith("Error: case.second-person: ")
    assert "closed, not ours" in good(run("show", ref, by="ada"))


def test_a_second_person_says_no_and_the_case_goes_on(moot, run):
    ref = moot.tell(by=moot["ada"]).reference
    good(run("triage", ref, "--topic", "housing", by="iris"))
    good(run("refuse", ref, "--text", "Ask the council.", by="iris"))
    (proposal,) = json.loads(good(run("behind", ref, "--json", by="olga")))["proposals"]

    said = good(run("disagree", ref, proposal["id"], by="olga"))

    assert said == f"{ref} is queued now.\n"
    assert run("behind", ref, by="olga").stderr == "Nothing.\n"


def test_what_is_set_aside_is_listed_seen_and_brought_back(moot, run):
    ref = moot.tell(by=moot["ada"]).reference
    good(run("discard", ref, "--reason", "An advertisement.", by="iris"))

    (line,) = json.loads(good(run("aside", "--json", by="olga")))["items"]
    assert (line["case_ref"], line["yours"]) == (ref, True)
    good(run("seen", ref, line["proposal"], by="olga"))
    assert run("aside", by="olga").stderr == "Nothing.\n"

    assert good(run("restore", ref, by="ada")) == f"{ref} is received now.\n"


def test_thanks_are_answered_at_once(run):
    ref = good(run("tell", by="ada", stdin="Thank you all.")).strip()
    words = ("--topic", "other", "--kind", "thanks")
    good(run("triage", ref, *words, by="iris"))

    said = good(run("answer-now", ref, by="gus", stdin="You are welcome."))

    assert said == f"{ref} is resolved now.\n"


def test_what_is_given_back_is_out_of_ones_hands(moot, run):
    ref = moot.tell(by=moot["ada"]).reference
    good(run("triage", ref, "--topic", "housing", by="iris"))
    good(run("assign", ref, by="cleo"))
    reason = ("--reason", "I move away.")

    human = good(run("release", ref, *reason, by="cleo", stdin="He waits for a call."))
    good(run("assign", ref, by="cleo"))
    program = good(run("release", ref, *reason, "--json", by="cleo", stdin="A call."))

    assert human == f"{ref} is out of your hands now.\n"
    assert json.loads(program) is None


def test_a_look_at_a_case_stands_in_the_log_of_reads(moot, run):
    ref = moot.tell(by=moot["ada"]).reference

    good(run("show", ref, by="iris"))
    good(run("show", ref, by="ada"))
    gone = run("show", "AM-7KQ2M8V", by="iris")

    with moot.node.read() as tx:
        rows = tx.execute(
            select(Access.person_id, Access.field, Access.ground, Access.channel)
        ).all()
    iris = moot.ids["iris"]
    assert rows == [
        (iris, Field.CASE, Ground.OFFICE, "api"),
        (iris, Field.CASE, Ground.REFUSED, "api"),
    ]
    assert (gone.exit_code, gone.stdout) == (1, "")


def test_a_command_does_no_more_than_the_person_may(moot, run):
    ref = moot.tell(by=moot["ada"]).reference

    for name, words in (("show", ()), ("triage", ("--topic", "housing"))):
        no = run(name, ref, *words, by="ben")
        assert no.exit_code == 1
        assert no.stderr.startswith("Error: not-found: ")
    desk = run("list", by="ben")
    assert desk.stderr.startswith("Error: rules.denied: ")
    good(run("triage", ref, "--topic", "housing", by="iris"))
    late = run("triage", ref, "--topic", "housing", by="iris")
    assert (late.exit_code, late.stdout) == (1, "")
    assert late.stderr.startswith("Error: case.wrong-state: ")
