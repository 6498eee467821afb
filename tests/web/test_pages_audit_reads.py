"""The log of all reads, through the pages."""

import pytest

from tests.support import members


@pytest.fixture
def dov(house):
    _, cleo, reference = house.taken()
    cleo.open(f"/desk/cases/{reference}")
    return house.member("dov@ash.example")


def test_a_steward_reads_who_read_what(dov):
    dov.open("/admin/audit")

    assert "Cleo Marsh" in dov.text
    assert "the case" in dov.text
    assert "the story, without a name" in dov.text
    assert "your" not in dov.html.partition("<table")[2].partition("</table>")[0]


def test_the_log_is_narrowed_and_what_is_no_choice_is_left_out(dov):
    dov.open("/admin/audit?field=bundle&ground=glass&days=7")
    assert "Nothing of this was read." in dov.text

    dov.open("/admin/audit?field=x&ground=y&days=z&before=q")
    assert "Cleo Marsh" in dov.text


def test_the_log_is_saved_as_a_sheet(dov):
    dov.open("/admin/audit/reads.csv?field=case")

    assert dov.page.headers["Content-Type"] == "text/csv"
    assert dov.html.startswith("id,at,last_at,times,who,role,field,ground,case")
    assert "Cleo Marsh" in dov.html


def test_an_auditor_reads_it_without_names(house, dov):
    del dov
    members.join(house.node, "finn@ash.example", "auditor")
    finn = house.member("finn@ash.example")

    finn.open("/admin/audit")

    assert "without names" in finn.text
    assert "Cleo" not in finn.text


def test_it_is_not_for_whoever_works_at_the_desk(house):
    cleo = house.member("cleo@ash.example")

    cleo.open("/admin/audit", status=403)
