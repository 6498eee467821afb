"""Who is whom, templates, walls, interests and notices, typed for one of the cast."""

import pytest
import structlog

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.commands import Terminal
from tests.support.engines import ENGINES, server_of

MAIL = "zoe@mailbox.example"
HELLO = "Hello {advocate_name}, case {reference} was told on {received}."


@pytest.fixture(scope="module", params=ENGINES)
def moot(request, tmp_path_factory):
    with moot_on(server_of(request), tmp_path_factory.mktemp("moot")) as moot:
        yield moot


@pytest.fixture
def here(moot):
    yield Terminal(moot)
    structlog.reset_defaults()


def told(moot, **given):
    made = moot.tell(**{"by": moot["ada"], **given})
    moot.bring(made, State.WORKING)
    return made.reference


def test_two_rows_are_said_to_be_one_person_and_it_is_taken_back(moot, here):
    for name in ("Zoe Marsh", "Z. Marsh"):
        moot.bring(moot.tell(contact=MAIL, name=name), State.QUEUED)
    first, second = here.shown("people unmatched", by="iris")["items"]
    assert here.shown("people unmatched", by="iris") == here.answered(
        "/unmatched", by="iris"
    )
    listed = here.good("people unmatched", by="iris")
    assert listed.splitlines()[1].startswith(first["reference"])

    into, other = first["person_id"], second["person_id"]
    merge = here.good("people merge", into, other, by="iris")
    shown = here.good("people show", into, by="iris")
    assert f"Cases: {first['reference']} {second['reference']}" in shown or (
        f"Cases: {second['reference']} {first['reference']}" in shown
    )
    assert merge in shown.partition("Who turned out to be them:")[2]
    (contact, *_) = here.shown("people show", into, by="iris")["contacts"]
    assert (contact["masked"], MAIL in shown) == ("z...e@m...e", False)
    assert here.good("people reveal", into, contact["id"], by="iris") == MAIL
    here.good("people unmerge", merge, by="iris")
    assert len(here.shown("people unmatched", by="iris")["items"]) == 2

    here.good("people apart", into, other, by="iris")
    assert here.shown("people unmatched", by="iris") == {"items": []}
    assert here.run("people unmatched", by="iris").stderr == "Nothing.\n"


def test_who_is_whom_is_decided_by_those_who_may(moot, here):
    one, two = moot.ids["ada"], moot.ids["ben"]

    assert here.no("people unmatched", by="cleo") == "rules.denied"
    assert here.no("people merge", one, two, by="cleo") == "rules.denied"
    assert here.no("people merge", one, two, by="iris") == "people.not-one"
    assert here.no("people show", one, by="ben") == "not-found"


def test_a_template_is_proposed_by_one_and_approved_by_another(moot, here):
    words = ("--name", "Hello", "--medium", "mail", "--language", "en")
    version = here.good("templates propose", *words, by="iris", stdin=HELLO)
    ref = told(moot)

    assert here.no("templates approve", version, by="iris") == "rules.denied"
    assert here.no("templates fill", "Hello", ref, by="cleo") == "invalid.choice"
    here.good("templates approve", version, by="olga")
    (line,) = here.shown("templates versions", by="olga")["items"]
    assert (line["id"], line["state"]) == (version, "used")
    assert here.shown("templates versions", by="olga") == here.answered(
        "/templates", by="olga"
    )
    assert here.good("templates show", version, by="olga").endswith(HELLO)
    assert here.good("templates fill", "Hello", ref, by="cleo").startswith(
        f"Hello Cleo, case {ref} was told on"
    )
    here.good("templates retire", version, by="iris")
    assert here.no("templates fill", "Hello", ref, by="cleo") == "invalid.choice"


def test_templates_are_no_members_business(here):
    assert here.no("templates versions", by="ben") == "rules.denied"


def test_a_colleague_is_kept_away_and_let_in_again(moot, here):
    ref = told(moot)
    gus = moot.ids["gus"]

    said = here.good("walls put-up", ref, gus, by="iris", stdin="His flat.")
    (line,) = here.shown("walls of", ref, by="iris")["items"]
    assert said.splitlines()[1].startswith(line["id"])
    assert (line["reason"], line["stands"]) == ("His flat.", False)
    assert here.shown("walls waiting", by="olga") == here.answered("/walls", by="olga")
    assert here.no("walls uphold", line["id"], by="iris") == "not-found"
    here.good("walls lift", line["id"], by="olga")
    assert here.good("cases show", ref, by="gus").startswith(ref)
    here.good("walls appeal", line["id"], by="iris")
    here.good("walls uphold", line["id"], by="dov")

    assert here.no("cases show", ref, by="gus") == "not-found"


def test_a_member_says_whom_they_do_not_want(moot, here):
    ref = told(moot)

    here.good("walls veto", ref, "--reason", "My neighbour.", by="ada")

    (line,) = here.shown("walls of", ref, by="ada")["items"]
    assert (line["cause"], line["reason"]) == ("veto", "My neighbour.")
    assert here.no("cases show", ref, by="cleo") == "not-found"
    assert here.no("walls veto", told(moot), by="iris") == "case.not-yours"


def test_whoever_speaks_of_themselves_sees_nothing_of_it(moot, here):
    ref = told(moot)

    said = here.shown("walls put-up", ref, moot.ids["gus"], "--reason", "Me.", by="gus")

    assert said == {"items": []}
    assert here.no("walls of", ref, by="gus") == "not-found"


def test_an_interest_is_declared_and_taken_back(here):
    made = here.good("interests declare", "person", by="cleo", stdin="Mr Hill\n")

    (line,) = here.shown("interests list", by="cleo")["items"]
    assert (line["id"], line["subject"]) == (made, "Mr Hill")
    assert here.answered("/interests", by="cleo") == {"items": [line]}
    here.good("interests withdraw", made, by="cleo")
    assert here.shown("interests list", by="cleo") == {"items": []}
    assert here.no("interests list", by="ben") == "rules.denied"


def test_a_reply_in_all_our_names_is_asked_for_and_agreed_to(moot, here):
    ref, said = told(moot), "We ask them."
    given = ("--name", "Our word", "--medium", "mail", "--language", "en")
    given = (*given, "--community")
    template = here.good("templates propose", *given, by="iris", stdin=said)
    here.good("templates approve", template, by="olga")

    asked = ("cases later ask", ref, "--template", template)
    (line,) = here.shown(*asked, by="cleo", stdin=said)["items"]
    assert set(line["seconds"]) == {"Gus", "Iris", "Olga"}
    agreed = ("cases later agree", ref, line["id"])
    assert here.no(*agreed, by="cleo") == "case.second-person"
    assert here.shown(*agreed, by="iris") == {"items": []}
    assert said in here.good("cases show", ref, by="cleo")


def test_short_texts_are_kept_filled_in_changed_and_deleted(moot, here):
    ref = told(moot)
    given = ("--title", "Hello")
    made = here.good("snippets write", *given, by="cleo", stdin="About {reference}.\n")

    (line,) = here.shown("snippets list", by="cleo")["items"]
    assert (line["id"], line["title"]) == (made, "Hello")
    assert here.answered("/snippets", by="cleo") == {"items": [line]}
    assert here.good("snippets fill", made, ref, by="cleo") == f"About {ref}."
    here.good("snippets change", made, "--title", "Bye", by="cleo", stdin="Bye.\n")
    assert here.good("snippets fill", made, ref, by="cleo") == "Bye."
    here.good("snippets delete", made, by="cleo")
    assert here.shown("snippets list", by="cleo") == {"items": []}
    assert here.no("snippets delete", made, by="cleo") == "not-found"
    assert here.no("snippets write", *given, by="ben", stdin="A.\n") == "rules.denied"


def test_somebody_chooses_how_they_are_told(here):
    words = ("--zone", "Europe/Berlin", "--quiet-from", 1320, "--quiet-to", 420)

    said = here.good("notices choose", *words, "--pace", "work", "daily", by="cleo")

    assert said.splitlines()[0] == "Zone Europe/Berlin, quiet 22:00 to 07:00."
    assert said.splitlines()[2].split() == ["work", "daily"]
    assert here.good("notices show", by="cleo") == said
    assert here.shown("notices show", by="cleo") == here.answered(
        "/me/notices", by="cleo"
    )
    assert here.no("notices choose", "--zone", "Ash", by="cleo") == "invalid.choice"


def test_a_program_says_that_two_are_two(moot, here):
    mail = "rosa@mailbox.example"
    for name in ("Rosa Reed", "R. Reed"):
        moot.bring(moot.tell(contact=mail, name=name), State.QUEUED)
    first, second = here.shown("people unmatched", by="iris")["items"]

    path, body = (
        f"/people/{first['person_id']}/apart",
        {"person_id": second["person_id"]},
    )
    assert here.post(path, body, by="iris") == 204
    assert here.post(path, body, by="cleo") == 403

    assert here.shown("people unmatched", by="iris") == {"items": []}
