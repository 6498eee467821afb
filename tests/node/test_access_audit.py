"""The log of all reads: stewards see names, auditors none, and both are in it."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.access import Field, Ground
from governance.cases import State
from governance.errors import Denied, NotFound
from node import access, cases, matches
from node.access import Sought
from node.models.cases import Case
from tests.support.commands import typed


@pytest.fixture
def made(moot):
    made = moot.tell()
    moot.bring(made, State.WORKING)
    cases.view(moot.node, made.reference, by=moot["cleo"])
    moot.village.pass_time(minutes=1)
    cases.view(moot.node, made.reference, by=moot["iris"])
    return made


def look(moot, who="dov", most=50, **sought):
    return access.audit(moot.node, Sought(**sought), by=moot[who], most=most)


def test_a_steward_sees_who_read_which_case(moot, made):
    iris, cleo = look(moot).lines

    assert (iris.who, cleo.who) == ("Iris", "Cleo")
    assert {iris.case, cleo.case} == {made.reference}
    assert look(moot).named


@pytest.mark.usefixtures("made")
def test_an_auditor_sees_the_same_without_names_or_references(moot, made):
    found = look(moot, "finn")

    assert not found.named
    assert len({line.who for line in found.lines}) == 2
    assert len({line.case for line in found.lines}) == 1
    everything = " ".join(f"{line.who} {line.case}" for line in found.lines)
    assert made.reference not in everything
    assert "Cleo" not in everything


@pytest.mark.usefixtures("made")
def test_whoever_looks_at_the_log_stands_in_it(moot):
    look(moot, "finn")
    newest = look(moot).lines[0]

    assert (newest.who, newest.field, newest.role) == ("Finn", Field.AUDIT, "auditor")
    assert newest.case == ""


@pytest.mark.usefixtures("made")
def test_the_log_is_narrowed_to_what_somebody_looks_for(moot):
    with pytest.raises(NotFound):
        cases.view(moot.node, "AS-0000000", by=moot["eve"])

    (refused,) = look(moot, ground=Ground.REFUSED).lines
    assert refused.who == "Eve"
    assert look(moot, field=Field.NOTES).lines == ()
    ahead = moot.node.now() + timedelta(seconds=1)
    assert look(moot, since=ahead).lines == ()


@pytest.mark.usefixtures("made")
def test_a_long_log_comes_in_parts(moot):
    first = look(moot, most=1)
    rest = look(moot, before=first.last, most=1)

    assert first.last == first.lines[0].id
    assert rest.lines[0].id < first.last
    assert rest.last is None


@pytest.mark.parametrize("who", ["ada", "cleo", "iris"])
def test_nobody_else_sees_the_log(moot, who):
    with pytest.raises(Denied):
        look(moot, who)


def test_of_their_own_case_a_steward_reads_on_its_own_page_only(moot):
    own = moot.tell(by=moot["dov"])
    moot.bring(own, State.WORKING)
    cases.view(moot.node, own.reference, by=moot["cleo"])

    assert look(moot).lines == ()
    shared = access.sharing(moot.node, own.reference, by=moot["dov"])
    assert [line.name for line in shared.reads] == [""]


@pytest.mark.usefixtures("made")
def test_a_sheet_has_a_line_for_each_read(moot):
    lines = look(moot).lines
    rows = list(csv.DictReader(StringIO(access.sheet(lines))))

    assert [row["who"] for row in rows] == ["Iris", "Cleo"]
    assert rows[0]["field"] == "case"


@given(st.text(st.sampled_from("=+-@\t\r,\"'\nab"), max_size=6))
def test_no_cell_of_a_sheet_is_a_formula(typed):
    written = access.cell(typed)

    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert written.removeprefix("'") == typed.removeprefix("'") or written == typed


def test_a_name_that_is_a_formula_is_written_as_words(moot, made):
    del made
    line = replace(look(moot).lines[0], who='=HYPERLINK("http://x")')

    assert "\"'=HYPERLINK" in access.sheet([line])


@pytest.mark.usefixtures("made")
def test_the_operator_acts_for_whoever_watches(moot):
    finn = str(moot.ids["finn"])

    sheet = typed(moot, "audit", "--person", finn, "--field", "case")
    lines = typed(moot, "audit", "--person", finn, "--json")
    refused = typed(moot, "audit", "--person", str(moot.ids["ada"]))

    assert (sheet.exit_code, lines.exit_code) == (0, 0)
    rows = csv.DictReader(StringIO(sheet.output))
    assert [row["field"] for row in rows] == ["case", "case"]
    fields = [json.loads(line)["field"] for line in lines.output.splitlines()]
    assert fields == ["audit", "case", "case"]
    assert refused.exit_code == 1
    assert "auditors and stewards" in refused.output


def test_a_look_at_a_person_is_written_down_and_a_miss_as_well(moot):
    made = moot.tell(contact="maria@mailbox.example")
    moot.triage(made)
    with moot.node.read() as tx:
        maria = tx.get_one(Case, made.case_id).member_id

    matches.person(moot.node, maria, by=moot["iris"])
    with pytest.raises(NotFound):
        matches.person(moot.node, made.case_id, by=moot["iris"])

    missed, found = look(moot).lines
    assert (found.field, found.role, found.who) == (Field.PERSON, "coordinator", "Iris")
    assert (missed.field, missed.ground) == (Field.PERSON, Ground.REFUSED)
