"""Asking for the notes of the desk, through the pages and for programs."""

import re

import pytest

from tests.support import members
from tests.support.clients import Program, token_of
from tests.web.conftest import TRIAGED
from tests.web.test_pages_files import form

NOTE = "She sounded afraid. Mr Hill next door hears them."
SHOWN, WHY = "She sounded afraid.", "The rest is about a neighbour."


@pytest.fixture
def asked(house):
    """A note that the member of a case asks for: guest, coordinator, reference."""
    guest, cleo, reference = house.taken()
    cleo.open(f"/desk/cases/{reference}")
    cleo.send(f"/desk/cases/{reference}/notes", note=NOTE, kind="working")
    guest.open(f"/cases/{reference}/notes")
    guest.send(f"/cases/{reference}/notes")
    return guest, cleo, reference


def opened(reader):
    """Open the only note that waits, from the list."""
    reader.open("/admin/notes")
    reader.open(re.search(r"/admin/notes/[0-9a-f-]{36}", reader.html)[0])
    return reader


def test_a_member_asks_and_reads_what_was_decided(asked):
    guest, cleo, reference = asked
    assert "Somebody looks at each note within seven days." in guest.text
    assert "To be answered by" in guest.text
    assert NOTE not in guest.html

    opened(cleo)
    assert NOTE in cleo.text
    assert form(cleo, cleo.path).values["text"] == NOTE
    cleo.send(cleo.path, text=SHOWN, reason=WHY)
    assert "The member reads what you decided" in cleo.text
    assert "Nothing waits for your decision." in cleo.text
    guest.open(f"/cases/{reference}/notes")

    assert SHOWN in guest.text
    assert "Something was left out, because: " + WHY in guest.text
    assert "Mr Hill" not in guest.html
    assert "Ask for the notes" in guest.text


def test_whoever_empties_the_field_says_why_and_it_stays_empty(asked):
    guest, cleo, reference = asked
    opened(cleo)
    path = cleo.path

    cleo.send(path, 422, text="")
    assert "Say what was left out, and why" in cleo.text
    assert form(cleo, path).values["text"] == ""
    cleo.send(path, reason=WHY)
    guest.open(f"/cases/{reference}/notes")

    assert "You cannot read this note, because: " + WHY in guest.text


def test_without_notes_the_page_says_so(house):
    guest, _, reference = house.taken()
    guest.open(f"/cases/{reference}/notes")

    guest.send(f"/cases/{reference}/notes")

    assert "There are no notes that you have not seen." in guest.text


def test_the_page_of_the_case_leads_to_its_notes(asked):
    guest, _, reference = asked
    guest.open(f"/cases/{reference}")

    assert f"/cases/{reference}/notes" in guest.links


def test_what_is_late_is_said_to_be_late(house, asked):
    guest, _, reference = asked
    house.village.pass_time(days=8)
    house.village.work(house.node)
    guest.open(f"/cases/{reference}/notes")

    assert "Late: was due" in guest.text


def test_nobody_else_finds_the_page_or_the_note(house, asked):
    _, cleo, reference = asked
    opened(cleo)
    ben = house.member("ben@ash.example")

    ben.open(cleo.path, 404)
    ben.open(f"/cases/{reference}/notes", 404)
    ben.open("/admin/notes")
    assert "Nothing waits for your decision." in ben.text


def test_programs_ask_decide_and_read(house):
    told = Program(house.app, house.node)
    said = {"text": "No heat", "wanted_outcome": "Heat"}
    made = told.ask(
        "POST", "/api/v1/submissions", said, Idempotency_Key="only-once-for-notes"
    ).json
    _write(house, made["case_ref"])
    member = Program(house.app, house.node, f"Link {made['token']}")
    iris = members.join(house.node, "iris@ash.example", "coordinator")
    desk = Program(
        house.app, house.node, token_of(house.node, iris, role="coordinator")
    )

    asked = f"/api/v1/cases/{made['case_ref']}/notes/asked"
    assert member.ask("POST", asked).json == {"waiting": True}
    assert member.ask("GET", asked).json["notes"] == []
    (line,) = desk.ask("GET", "/api/v1/notes/asked").json["items"]
    assert line["reference"] == made["case_ref"]
    note = f"/api/v1/notes/asked/{line['id']}"
    assert desk.ask("GET", note).json["text"] == NOTE
    missing = desk.ask("POST", note, {"text": SHOWN})
    assert (missing.status_code, missing.json["code"]) == (409, "case.reason-missing")
    done = desk.ask("POST", note, {"text": SHOWN, "reason": WHY})
    assert done.json == {"outcome": "in_part"}

    (shown,) = member.ask("GET", asked).json["notes"]
    assert (shown["text"], shown["reason"]) == (SHOWN, WHY)


def _write(house, reference):
    """Let whoever coordinates write a note about a case that came in."""
    cleo = house.member("cleo@ash.example")
    cleo.open("/desk/triage")
    cleo.send("/desk/triage", **TRIAGED)
    cleo.open(f"/desk/cases/{reference}")
    cleo.send(f"/desk/cases/{reference}/notes", note=NOTE, kind="working")
