"""How cases hang together, are cut and go on together: typed by whoever runs a node."""

import pytest
import structlog

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.commands import Terminal
from tests.support.engines import ENGINES, server_of

HEATING = "The heating has been off for three weeks."
LAMP = "And the lamp in our street is broken."
STORY = f"{HEATING}\r\n{LAMP}\r\nPlease help."


@pytest.fixture(scope="module", params=ENGINES)
def moot(request, tmp_path_factory):
    with moot_on(server_of(request), tmp_path_factory.mktemp("moot")) as moot:
        yield moot


@pytest.fixture
def here(moot):
    yield Terminal(moot)
    # The lines of the log went to a terminal that is gone.
    structlog.reset_defaults()


def told(moot, state=State.WORKING, **given):
    made = moot.tell(**{"by": moot["ada"], **given})
    moot.bring(made, state)
    return made.reference


def test_cases_are_said_to_hang_together_and_it_is_taken_back(moot, here):
    one, two = told(moot), told(moot)

    printed = here.good(
        "cases bonds mark", one, two, "--kind", "follows", "--reason-from", "-",
        by="iris", stdin="The same stairs.",
    )  # fmt: skip
    (line,) = here.shown("cases bonds list", one, by="iris")["items"]

    assert [printed.splitlines()[1].split()[i] for i in (0, 1, 4)] == [
        line["id"], "follows", two,
    ]  # fmt: skip
    assert (line["reason"], line["by_name"]) == ("The same stairs.", "Iris")
    assert here.shown("cases bonds list", one, by="iris") == here.answered(
        f"/cases/{one}/bonds", by="iris"
    )
    again = ("cases bonds mark", one, two, "--kind", "follows")
    assert here.no(*again, by="iris") == "case.conflict"
    here.good("cases bonds undo", one, line["id"], by="iris")
    assert here.shown("cases bonds list", one, by="iris")["items"] == []


def test_a_case_goes_along_with_another_and_goes_its_own_way_again(moot, here):
    waits, leads = told(moot, State.QUEUED), told(moot)

    (line,) = here.shown("cases bonds merge", waits, leads, by="iris")["items"]
    assert (line["reference"], line["merged"]) == (leads, True)
    assert here.no("cases bonds merge", waits, leads, by="iris") == "case.conflict"
    here.good("cases bonds undo", waits, line["id"], by="iris")

    assert here.shown("cases bonds list", waits, by="iris")["items"] == []


def test_what_could_be_the_same_matter_is_listed(moot, here):
    where = "The lift in Mill Street stands still."
    first = told(moot, State.QUEUED, text=where)
    second = told(moot, State.QUEUED, text=where)

    printed = here.good("cases bonds list", second, by="iris")

    _, title, doubles = printed.partition("Could be the same matter:\n")
    head, *lines = doubles.splitlines()
    assert title
    assert head.split()[0] == "reference"
    (line,) = [it for it in lines if it.startswith(first)]
    assert "same_words" in line


def test_bonds_are_for_who_may_say_so(moot, here):
    one, two = told(moot), told(moot)

    assert here.no("cases bonds mark", one, two, by="ada") == "case.not-yours"
    assert here.no("cases bonds mark", one, two, by="ben") == "not-found"
    assert here.no("cases bonds mark", one, one, by="iris") == "invalid.choice"


def test_parts_of_a_message_become_cases_and_go_back(moot, here, tmp_path):
    ref = told(moot, State.RECEIVED, text=STORY)
    part = tmp_path / "part.txt"
    part.write_text(LAMP, encoding="utf-8")

    made = here.good("cases pieces split", ref, part, by="iris")
    (line,) = here.shown("cases pieces list", ref, by="iris")["pieces"]

    assert (line["reference"], line["by_name"]) == (made, "Iris")
    assert here.shown("cases pieces list", ref, by="iris") == here.answered(
        f"/cases/{ref}/pieces", by="iris"
    )
    seen = here.good("cases pieces list", made, by="iris")
    assert seen == f"It is a part of {ref}."
    here.good("cases pieces undo", ref, line["id"], by="iris")
    (gone,) = here.shown("cases pieces list", ref, by="iris")["pieces"]
    assert gone["undone"] is True


def test_what_does_not_stand_in_the_message_is_no_part(moot, here):
    ref = told(moot, State.RECEIVED, text=STORY)

    code = here.no("cases pieces split", ref, "-", by="iris", stdin="A cat.")

    assert code == "invalid.piece-foreign"
    assert here.shown("cases pieces list", ref, by="iris")["pieces"] == []


def test_a_member_joins_reads_answers_and_leaves(moot, here):
    matter = told(moot)
    words = ("join_collective", "--agreed")
    here.good("cases consents give", matter, *words, by="ada")
    opened = here.good("cases together open", matter, by="gus", stdin="Damp walls.")
    assert opened.splitlines()[0] == "about:           Damp walls."
    mine = moot.tell(by=moot["ben"], text="It is damp here.", topic="housing").reference
    offered = here.good("cases together show", mine, by="ben")
    assert offered.splitlines()[0] == "Can be joined:"
    assert offered.splitlines()[2].startswith(matter)

    here.good("cases join", mine, "--matter", matter, "--agrees", "counted", by="ben")
    here.good("cases together update", matter, by="cleo", stdin="They come on Monday.")
    shown = here.good("cases together show", mine, by="ben")
    assert f"goes on with:    {matter}" in shown
    assert "agrees to:       counted" in shown
    assert "They come on Monday." in here.good("cases show", mine, by="ben")
    here.good("cases resolve", matter, by="cleo", stdin="The walls are dry.")
    answer = ("not_solved", "--text", "Mine are wet.")
    here.good("cases together answer", mine, *answer, by="ben")

    # Who says "not solved" has their own case opened again, alone.
    assert here.shown("cases show", mine, by="ben")["state"] != "closed"
    assert here.shown("cases together show", mine, by="ben") == here.answered(
        f"/cases/{mine}/together", by="ben"
    )


def test_a_member_who_joined_leaves(moot, here):
    matter = told(moot)
    here.good("cases consents give", matter, "join_collective", "--agreed", by="ada")
    here.good("cases together open", matter, "--about", "Damp.", by="gus")
    mine = moot.tell(by=moot["ben"], text="It is damp here.", topic="housing").reference
    here.good("cases join", mine, "--matter", matter, by="ben")

    here.good("cases together leave", mine, by="ben")

    assert here.shown("cases together show", mine, by="ben")["joined"] is None
    assert here.no("cases together leave", mine, by="ben") == "case.wrong-state"


def test_nothing_is_due_before_many_joined(moot, here):
    matter = told(moot)

    assert here.run("cases together show", matter, by="iris").stderr == "Nothing.\n"
    assert here.no("cases together settle", matter, "review", by="iris") == "not-found"
