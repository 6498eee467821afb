"""J9: a case that does not exist for one of us, and whose member sees it all."""

import re

import pytest

from node import log, search
from node.cases import folding
from tests.journeys.test_j2_my_claim_on_a_phone import TRIAGED, sign_in
from tests.journeys.tongues import mirrored, reader_of
from tests.support import members

STORY = "The ceiling came down in the kitchen."
PLACE = "Flat 3, 12 Elm Street"
WHY = "A threat against the advocate stands in it."
REQUEST_ID = re.compile(r"[0-9a-f]{8} not-found")


@pytest.fixture
def people(moot):
    """Everybody in the story, each signed in at their own telephone."""
    moot.ids["sam"] = members.join(moot.node, "sam@ash.example", "steward")

    def enter(who):
        reader = reader_of(moot, mirrored=mirrored(moot, member=True))
        return sign_in(moot, reader, who)

    return enter


def told(moot, people):
    """Have Ada tell what happened at her place; Cleo's cousin lives there."""
    cleo = people("cleo")
    cleo.open("/desk/walls")
    cleo.send("/desk/walls", kind="address", subject="Elm Street")
    made = moot.tell(by=moot["ada"], text=STORY, place=PLACE)
    moot.village.work(moot.node)
    iris = people("iris")
    iris.open("/desk/triage")
    iris.send("/desk/triage", **TRIAGED)
    moot.village.work(moot.node)
    search.refresh(moot.node)
    return made.reference, cleo


@pytest.mark.capability("3.8", "4.20")
def test_a_case_does_not_exist_for_whose_family_it_is_about(moot, people):
    reference, cleo = told(moot, people)

    cleo.open("/desk")
    assert reference not in cleo.html
    assert "Nothing is waiting." in cleo.text
    cleo.open("/search?q=ceiling")
    assert reference not in cleo.html
    answers = []
    for one in (reference, "AM-0000000"):
        cleo.open(f"/desk/cases/{one}", status=404)
        answers.append(REQUEST_ID.sub("not-found", cleo.text))
    assert answers[0] == answers[1]
    cleo.open("/desk")
    cleo.send("/desk/take")
    assert "The queue is empty." in cleo.text
    assert not [
        mail
        for to, mail in moot.village.mails
        if to == "cleo@ash.example" and reference in str(mail)
    ]


@pytest.mark.capability("1.6")
def test_a_read_by_exception_is_seconded_and_its_member_sees_every_read(moot, people):
    reference, _ = told(moot, people)
    eve, dov, sam = people("eve"), people("dov"), people("sam")
    eve.open("/desk")
    eve.send("/desk/take")
    dov.open("/admin/glass")
    dov.send("/admin/glass", ref=reference, reason=WHY)
    dov.open(f"/admin/glass/cases/{reference}", status=404)
    sam.open("/admin/glass")
    asked = re.search(r"/admin/glass/([0-9a-f-]{36})", sam.html)[1]
    sam.send(f"/admin/glass/{asked}/answer", agree="yes")

    dov.open(f"/admin/glass/cases/{reference}")
    assert "You read this as an exception." in dov.text
    moot.village.pass_time(days=4)
    moot.village.work(moot.node)

    ada = people("ada")
    ada.open(f"/cases/{reference}/sharing")
    for part in ("Advocate", "Steward", WHY):
        assert part in ada.text
    dov = people("dov")
    dov.open(f"/admin/glass/cases/{reference}", status=404)


@pytest.mark.capability("1.6", "5.11")
def test_she_corrects_restricts_takes_along_and_erases_and_the_ledger_holds(
    moot, people
):
    reference, _ = told(moot, people)
    ada, case = people("ada"), f"/cases/{reference}"

    ada.open(case)
    ada.send(f"{case}/messages", write="It was the bathroom, not the kitchen.")
    assert "the bathroom, not the kitchen" in ada.text
    ada.open(f"{case}/keep")
    ada.send(f"{case}/rest", rest="yes")
    assert "It rests since" in ada.text
    ada.send(f"{case}/rest", rest="no")
    moot.village.work(moot.node)
    archive = ada.client.get(f"{case}/bundle", base_url=ada.here)
    assert archive.get_data().startswith(b"PK")
    ada.open(f"{case}/erase/all")
    ada.send(f"{case}/erase/all")

    assert "Nothing of case" in ada.text
    ada.open(case, status=410)
    moot.village.work(moot.node)
    search.refresh(moot.node)
    assert search.find(moot.node, "ceiling", by=moot["iris"]).lines == ()
    assert list(log.fsck(moot.node)) == []
    assert list(folding.verify(moot.node)) == []
