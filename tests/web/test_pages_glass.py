"""Reading a case as an exception, through the pages."""

import re

import pytest

from tests.support import members

WHY = "A threat against the advocate stands in it."


@pytest.fixture
def stewards(house):
    members.join(house.node, "sam@ash.example", "steward")
    return house.member("dov@ash.example"), house.member("sam@ash.example")


def asked(reader, reference):
    reader.open("/admin/glass")
    reader.send("/admin/glass", ref=reference, reason=WHY)


def number(reader):
    return re.search(r"/admin/glass/([0-9a-f-]{36})", reader.html)[1]


def agreed(house, stewards):
    dov, sam = stewards
    _, reference = house.told()
    asked(dov, reference)
    sam.open("/admin/glass")
    sam.send(f"/admin/glass/{number(sam)}/answer", agree="yes")
    return reference


def test_a_second_person_agrees_and_the_case_can_be_read(house, stewards):
    dov, _ = stewards

    reference = agreed(house, stewards)
    dov.open("/admin/glass")
    assert f'href="/admin/glass/cases/{reference}"' in dov.html
    dov.open(f"/admin/glass/cases/{reference}")

    assert "You read this as an exception." in dov.text
    assert "heating" in dov.text
    assert "<form" not in dov.html.partition("<main")[2].partition("</main")[0]


def test_before_that_there_is_nothing_to_read(house, stewards):
    dov, _ = stewards
    _, reference = house.told()

    asked(dov, reference)

    assert "The others who could agree are told now." in dov.text
    dov.open(f"/admin/glass/cases/{reference}", status=404)


def test_a_no_opens_nothing(house, stewards):
    dov, sam = stewards
    _, reference = house.told()
    asked(dov, reference)

    sam.open("/admin/glass")
    sam.send(f"/admin/glass/{number(sam)}/answer", agree="no")

    assert "Nothing is opened." in sam.text
    dov.open(f"/admin/glass/cases/{reference}", status=404)


def test_what_is_wrong_is_said_and_no_word_is_lost(house, stewards):
    dov, _ = stewards
    del house

    dov.open("/admin/glass")
    assert "Nobody has asked for this." in dov.text
    dov.send("/admin/glass", status=422, ref="AM-0000000", reason="")
    assert "Say why. The member reads it" in dov.text
    dov.send("/admin/glass", status=404, ref="AM-0000000", reason=WHY)

    assert "There is no such case, or none you could ask for" in dov.text
    assert WHY in dov.html


def test_a_look_is_kept_from_the_member_for_now(house, stewards):
    _, sam = stewards
    agreed(house, stewards)
    sam.open("/admin/glass")
    path = f"/admin/glass/{number(sam)}"

    sam.open(path)
    sam.send(path, status=422, days="30", why="")
    assert "Say why the member must not know yet" in sam.text
    sam.send(path, days="30", why="He would flee.")

    assert "Kept from the member until" in sam.text


def test_whoever_looked_does_not_keep_it_back(house, stewards):
    dov, sam = stewards
    agreed(house, stewards)
    sam.open("/admin/glass")
    path = f"/admin/glass/{number(sam)}"

    dov.open(path)
    dov.send(path, status=409, days="30", why="He would flee.")

    assert "Somebody else than whoever looked decides that" in dov.text


def test_the_member_reads_that_it_was_and_why(house, stewards):
    guest, reference = house.told()
    dov, sam = stewards
    asked(dov, reference)
    sam.open("/admin/glass")
    sam.send(f"/admin/glass/{number(sam)}/answer", agree="yes")
    dov.open(f"/admin/glass/cases/{reference}")

    house.village.pass_time(days=3)
    house.village.work(house.node)
    guest.open(f"/cases/{reference}/sharing")

    assert "Read as an exception" in guest.text
    assert WHY in guest.text


def test_what_no_steward_asks_for_is_not_for_them(house, stewards):
    del stewards
    cleo = house.member("cleo@ash.example")

    cleo.open("/admin/glass", status=403)
    cleo.open("/admin/glass/cases/AM-0000000", status=403)
