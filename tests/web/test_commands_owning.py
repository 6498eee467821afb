"""What a member asks for on the terminal: consents, keeping, notes, the ladder."""

import pytest
import structlog

from governance.cases import State
from node import notes, proxies
from node.ids import new_id
from node.models.cases import Case
from node.notes import Noted
from tests.support.cast import moot_on
from tests.support.cast import told as words_of
from tests.support.commands import Terminal
from tests.support.engines import ENGINES, server_of

NOTE = "She sounded afraid. Mr Hill next door hears them."


@pytest.fixture(scope="module", params=ENGINES)
def moot(request, tmp_path_factory):
    with moot_on(server_of(request), tmp_path_factory.mktemp("moot")) as moot:
        yield moot


@pytest.fixture
def here(moot):
    yield Terminal(moot)
    structlog.reset_defaults()


def told(moot, state=State.WORKING):
    made = moot.tell(by=moot["ada"])
    moot.bring(made, state)
    return made.reference


def closed(moot, here):
    ref = told(moot, State.RESOLVED)
    here.good("cases confirm", ref, by="ada")
    return ref


def test_a_member_reads_gives_and_stops_what_they_agree_to(moot, here):
    ref = told(moot)
    shown = here.shown("cases consents list", ref, by="ada")
    assert {one["purpose"] for one in shown["items"]} >= {"handle_case"}
    assert shown == here.answered(f"/cases/{ref}/consents", by="ada")

    printed = here.good("cases consents list", ref, by="ada")
    offered = printed.partition("Can be agreed to:\n")[2].splitlines()
    assert [f"  {one['words']}" for one in shown["offered"]] == offered[1::2]
    unread = here.run("cases consents give", ref, "join_collective", by="ada")
    (words,) = [
        one["words"] for one in shown["offered"] if one["purpose"] == "join_collective"
    ]
    assert unread.exit_code == 2
    assert " ".join(words.split()[:6]) in " ".join(unread.stderr.split())
    here.good("cases consents give", ref, "join_collective", "--agreed", by="ada")
    given = here.shown("cases consents list", ref, by="ada")["items"][-1]
    assert (given["purpose"], given["state"]) == ("join_collective", "given")
    # It says of itself that it came by no page.
    assert given["evidence"] == "program"
    receipt = here.shown("cases consents receipt", ref, given["id"], by="ada")
    assert given["id"] in str(receipt["receipt"])
    here.good("cases consents stop", ref, given["id"], by="ada")

    (gone,) = [
        one
        for one in here.shown("cases consents list", ref, by="ada")["items"]
        if one["id"] == given["id"]
    ]
    assert [it["state"] for it in gone["events"]] == ["given", "withdrawn"]


def test_nobody_else_agrees_for_a_member(moot, here):
    ref = told(moot)
    (first, *_) = here.shown("cases consents list", ref, by="ada")["items"]

    assert here.no("cases consents list", ref, by="cleo") == "case.not-yours"
    assert here.no("cases consents stop", ref, first["id"], by="cleo") == (
        "case.not-yours"
    )
    words = ("cases consents give", ref, "handle_case", "--recipient", "advocates")
    assert here.no(*words, "--agreed", by="cleo") == "case.not-yours"
    nothing = here.run("cases consents give", ref, "media", by="ada")
    assert nothing.exit_code == 2
    assert "Nothing like that can be agreed to now" in nothing.stderr


def test_a_closed_case_is_kept_and_rests(moot, here):
    waits = here.run("cases kept", told(moot), by="ada")
    assert waits.stderr == "This is asked when a case is closed.\n"
    ref = closed(moot, here)
    before = here.good("cases kept", ref, by="ada")
    assert "phase:         asked" in before
    assert here.shown("cases kept", ref, by="ada") == here.answered(
        f"/cases/{ref}/keep", by="ada"
    )

    here.good("cases keep", ref, by="ada")
    assert "phase:         kept" in here.good("cases kept", ref, by="ada")
    here.good("cases rest", ref, by="ada")
    assert "restricted at:" in here.good("cases kept", ref, by="ada")
    assert here.no("cases show", ref, by="cleo") == "not-found"
    here.good("cases go-on", ref, by="ada")

    assert here.shown("cases kept", ref, by="ada")["restricted_at"] is None
    assert here.no("cases keep", told(moot), by="ada") == "case.wrong-state"


def test_notes_are_asked_for_looked_at_and_read(moot, here):
    ref = told(moot)
    for text in (NOTE, "She called."):
        noted = Noted(new_id(moot.node), text)
        notes.write(moot.node, ref, noted, by=moot["cleo"])

    assert here.good("cases ask-notes", ref, by="ada").endswith("in a week.")
    waiting = here.shown("releases list", by="iris")
    assert waiting == here.answered("/notes/asked", by="iris")
    mine = [one["id"] for one in waiting["items"] if one["reference"] == ref]
    texts = {here.shown("releases show", one, by="iris")["text"]: one for one in mine}
    assert NOTE in here.good("releases show", texts[NOTE], by="iris")
    bare = here.no("releases decide", texts[NOTE], "--text", "She.", by="iris")
    assert bare == "case.reason-missing"
    words = ("--reason", "The rest names a neighbour.")
    said = here.good(
        "releases decide", texts[NOTE], *words, by="iris", stdin="She sounded afraid."
    )
    assert said == "Its member reads it as in part."
    said = here.good("releases show-all", texts["She called."], by="iris")
    assert said == "Its member reads it as shown."

    read = here.good("cases asked-notes", ref, by="ada")
    assert "  She sounded afraid.\n  The rest names a neighbour." in read
    assert "  She called." in read
    assert "Mr Hill" not in read
    assert here.good("cases ask-notes", ref, by="ada") == "There is none to decide."


def test_what_waits_for_a_decision_is_not_everybodys(moot, here):
    ref = told(moot)
    noted = Noted(new_id(moot.node), NOTE)
    notes.write(moot.node, ref, noted, by=moot["cleo"])
    here.good("cases ask-notes", ref, by="ada")

    assert here.no("cases ask-notes", ref, by="cleo") == "case.not-yours"
    assert here.shown("releases list", by="cleo") == {"items": []}
    assert here.no("releases show", noted.id, by="cleo") == "not-found"
    assert here.no("releases show-all", noted.id, by="cleo") == "not-found"


def test_a_missed_case_is_taken_further_up(moot, here):
    ref = moot.tell(by=moot["ada"]).reference
    assert here.no("cases escalate", ref, by="ada") == "case.wrong-state"
    for _ in range(2):
        moot.village.pass_time(days=1)
        moot.village.work(moot.node)
    moot.village.pass_time(hours=1)

    said = here.good("cases escalate", ref, by="ada")
    chosen = here.good("cases escalate", ref, "--choice", "wait", by="ada")

    step = here.shown("cases show", ref, by="ada")["ladder"]["step"]
    assert said == f"It is at step {step}."
    assert chosen == f"It is at step {step}, wait."


def test_a_member_gets_somebody_else_once_and_then_asks(moot, here):
    ref = told(moot)

    first = here.good("cases somebody-else", ref, by="ada")

    assert first == "It goes to somebody else."
    assert (here.shown("cases show", ref, by="ada")["responsible"] or {}).get(
        "name"
    ) != "Cleo"
    assert here.no("cases somebody-else", told(moot), by="ben") == "not-found"


def test_what_was_told_for_somebody_is_theirs_to_say(moot, here):
    session = proxies.begin(moot.node, agreed=True, by=moot["ben"])
    made = proxies.tell(
        moot.node, words_of(name="A. Ash"), by=moot["ben"], beside=session
    )
    with moot.node.read() as tx:
        person = tx.get_one(Case, made.case_id).member_id
    assert here.no("cases proxy", made.reference, "confirm", by="ada") == "not-found"
    told(moot)  # Iris knows her by a case of hers, and him by this one.
    moot.triage(made)
    here.good("people merge", moot.ids["ada"], person, by="iris")

    here.good("cases proxy", made.reference, "object", by="ada")

    assert here.shown("cases show", made.reference, by="ada")["state"] == "closed"
