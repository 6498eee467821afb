"""J4: whoever has a case goes silent, and the community does not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.pledges import PledgeKind, Rung, rung_at
from node import pledges
from node.models.pledges import Pledge
from tests.journeys.test_j2_my_claim_on_a_phone import TRIAGED, sign_in
from tests.journeys.tongues import mirrored, reader_of

MAIL = "ada@mailbox.example"


@pytest.fixture(params=["guest", "member"])
def told_by(request, moot):
    """Who told it, at their telephone, and the reference of the case."""
    reader = reader_of(moot, mirrored=mirrored(moot, member=request.param == "member"))
    if request.param == "member":
        sign_in(moot, reader, "ada")
        made = moot.tell(by=moot["ada"])
    else:
        made = moot.tell(contact=MAIL)
        reader.open(f"/c/{made.link_token}")
    return reader, made, request.param


def desk(moot, phone, who):
    return sign_in(moot, phone.another(), who)


def until(moot, at):
    """Let a day go by at a time, with nobody at work but the node."""
    while moot.village.now < at:
        moot.village.now = min(at, moot.village.now + timedelta(hours=12))
        moot.village.work(moot.node)


def first_answer(moot, made):
    with moot.node.read() as tx:
        query = select(Pledge).where(
            Pledge.case_id == made.case_id,
            Pledge.kind == PledgeKind.FIRST_RESPONSE,
        )
        return tx.scalars(query).one()


def step_at(moot, pledge, rung):
    """Return when this step of the ladder is due for a promise."""
    with moot.node.read() as tx:
        terms = pledges.terms(moot.node, tx, pledge)
    return rung_at(pledge, terms.calendar, rung, due=pledge.due_at)


def subjects(moot, who):
    return [mail["Subject"] for to, mail in moot.village.mails if to == who]


@pytest.mark.capability("1.10", "1.12")
def test_nobody_answers_and_the_member_has_to_do_nothing(moot, told_by):
    phone, made, kind = told_by
    page = f"/cases/{made.reference}"
    iris, cleo = desk(moot, phone, "iris"), desk(moot, phone, "cleo")
    iris.open("/desk/triage")
    iris.send("/desk/triage", **TRIAGED)
    cleo.open("/desk")
    cleo.send("/desk/take")
    phone.open(page)
    assert "Cleo" in phone.text
    promised = first_answer(moot, made)

    # Cleo goes silent: they are reminded before the time is over.
    until(moot, promised.due_at - timedelta(hours=3))
    assert any("nearly due" in one for one in subjects(moot, "cleo@ash.example"))

    # Time is over: it is free for others, with an apology and a new date.
    until(moot, promised.due_at)
    phone.open(page)
    assert "We are late by" in phone.text or "missed: was due" in phone.text
    assert "place 1" in phone.text
    if kind == "guest":
        assert any("sorry" in one for one in subjects(moot, MAIL))
    cleo.open(f"/desk/cases/{made.reference}", status=404)
    iris = desk(moot, phone, "iris")
    iris.open(f"/desk/cases/{made.reference}")
    assert "Cause:" in iris.text

    # Coordinators and stewards hear of it, and then the member is offered a choice.
    until(moot, step_at(moot, promised, Rung.RAISE))
    assert any("made good" in one for one in subjects(moot, "dov@ash.example"))
    until(moot, step_at(moot, promised, Rung.OFFER))
    phone.open(page)
    assert "How shall it go on?" in phone.text
    phone.send(f"{page}/choose", choice="partner")
    assert "You chose: another community shall look at it." in phone.text

    # What was missed stays missed, at its first date, whoever answers in the end.
    eve = desk(moot, phone, "eve")
    eve.open("/desk")
    eve.send("/desk/take")
    eve.send(f"/desk/cases/{made.reference}/reply", reply="I have it now. Sorry.")
    late = first_answer(moot, made)
    assert (late.due_at, late.missed_at) == (promised.due_at, promised.due_at)
    assert late.met_at > late.due_at
    phone.open(page)
    assert "Eve" in phone.text
    assert "kept late" in phone.text
    assert "How shall it go on?" not in phone.text
