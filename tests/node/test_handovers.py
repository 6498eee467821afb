"""Handing a case to a partner community, with a partner that is a function call."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from governance.cases import State
from governance.consent import Purpose, Standing
from governance.errors import (
    ConsentMissing,
    Denied,
    NoAgreement,
    NotFound,
    NotYours,
    WrongState,
)
from governance.handovers import Acceptance, Kind
from governance.handovers import State as Handed
from node import cases, consent, consent_rows, handovers
from node.cases import folding
from node.consent_rows import Asked, What
from node.ids import new_id
from node.models.handovers import Handover

BIRCH = "birch.example"


def open_gate(_handover):
    """Let everything through, as when an agreement were in force."""


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


@pytest.fixture
def agreed(moot, made):
    asked = Asked(
        case_id=made.case_id, purpose=Purpose.SHARE_WITH_NODE, recipient=BIRCH
    )
    with moot.node.begin() as tx:
        what = What(state=Standing.GIVEN, at=moot.node.now())
        return consent_rows.begin(moot.node, tx, asked, what)


def draft(moot, made, by="cleo", **more):
    return handovers.draft(moot.node, made.reference, BIRCH, by=moot[by], **more)


def promise(moot, **late):
    at = moot.node.now() + timedelta(**(late or {"hours": 1}))
    return Acceptance(name="Nor", answer_by=at, rules="sha256:0")


def bring(moot, made, **more):
    """Bring a hand-over to where the partner has the case."""
    id_ = draft(moot, made, **more)
    handovers.offer(moot.node, id_, by=moot["cleo"], gate=open_gate)
    handovers.accepted(moot.node, id_, promise(moot))
    handovers.delivered(moot.node, id_)
    return id_


def handed(moot, id_):
    with moot.node.read() as tx:
        return tx.get_one(Handover, id_)


def view(moot, made):
    return cases.view(moot.node, made.reference, by=moot.guest(made))


def test_nothing_is_prepared_without_the_members_consent(moot, made):
    with pytest.raises(ConsentMissing):
        draft(moot, made)

    with moot.node.read() as tx:
        assert tx.scalars(select(Handover)).all() == []


@pytest.mark.usefixtures("agreed")
def test_without_an_agreement_nothing_is_offered(moot, made):
    id_ = draft(moot, made)

    with pytest.raises(NoAgreement):
        handovers.offer(moot.node, id_, by=moot["cleo"])

    assert handed(moot, id_).state is Handed.DRAFTED
    assert view(moot, made).state is State.WORKING


@pytest.mark.usefixtures("agreed")
@pytest.mark.parametrize("who", ["eve", "ada", "finn", "dov"])
def test_nobody_else_hands_a_case_over(moot, made, who):
    with pytest.raises((Denied, NotFound, NotYours)):
        draft(moot, made, by=who)


@pytest.mark.usefixtures("agreed")
def test_only_what_somebody_works_on_goes_to_a_partner(moot, made):
    cases.withdraw(moot.node, made.reference, by=moot.guest(made))

    with pytest.raises(WrongState):
        draft(moot, made, by="iris")


@pytest.mark.usefixtures("agreed")
def test_a_case_is_with_the_partner_once_they_have_it(moot, made):
    id_ = bring(moot, made)

    row = handed(moot, id_)
    assert (row.state, row.name) == (Handed.ACTIVE, "Nor")
    shown = view(moot, made)
    assert shown.state is State.TRANSFERRED
    assert shown.timeline[-1].reason == BIRCH
    assert moot.kinds(made)[-1] == "status"
    assert list(folding.verify(moot.node)) == []


@pytest.mark.usefixtures("agreed")
def test_who_only_assists_leaves_the_case_here(moot, made):
    bring(moot, made, kind=Kind.ASSIST)

    assert view(moot, made).state is State.WORKING


@pytest.mark.usefixtures("agreed")
def test_what_they_call_done_its_member_confirms_here(moot, made):
    handovers.finished(moot.node, bring(moot, made))

    assert view(moot, made).state is State.RESOLVED


@pytest.mark.usefixtures("agreed")
def test_what_they_give_back_waits_here_for_an_advocate(moot, made):
    id_ = bring(moot, made)

    handovers.returned(moot.node, id_)

    shown = view(moot, made)
    assert (shown.state, shown.responsible) == (State.QUEUED, None)
    assert handed(moot, id_).state is Handed.RETURNED


@pytest.mark.usefixtures("agreed")
def test_what_they_do_not_take_stays_here(moot, made):
    id_ = draft(moot, made)
    handovers.offer(moot.node, id_, by=moot["cleo"], gate=open_gate)

    handovers.rejected(moot.node, id_)

    assert view(moot, made).responsible.name == "Cleo"
    with pytest.raises(WrongState):
        handovers.accepted(moot.node, id_, promise(moot))


@pytest.mark.usefixtures("agreed")
def test_a_later_promise_than_ours_needs_the_members_yes(moot, made):
    id_ = draft(moot, made)
    handovers.offer(moot.node, id_, by=moot["cleo"], gate=open_gate)

    with pytest.raises(ConsentMissing):
        handovers.accepted(moot.node, id_, promise(moot, days=60))
    handovers.accepted(moot.node, id_, promise(moot, days=60), agreed=True)


def test_consent_that_was_taken_back_stops_it_at_every_step(moot, made, agreed):
    id_ = draft(moot, made)
    handovers.offer(moot.node, id_, by=moot["cleo"], gate=open_gate)
    revoke(moot, made, agreed)

    assert handed(moot, id_).state is Handed.UNDONE
    with pytest.raises((ConsentMissing, WrongState)):
        handovers.accepted(moot.node, id_, promise(moot))


def revoke(moot, made, row):
    consent.revoke(moot.node, made.reference, row.id, by=moot.guest(made))


def test_its_member_takes_a_case_home(moot, made, agreed):
    id_ = bring(moot, made)

    revoke(moot, made, agreed)

    assert handed(moot, id_).state is Handed.REVOKED
    assert view(moot, made).state is State.QUEUED
    assert list(folding.verify(moot.node)) == []


@pytest.mark.usefixtures("agreed")
def test_withdrawing_ends_what_the_partner_does(moot, made):
    id_ = bring(moot, made)

    cases.withdraw(moot.node, made.reference, by=moot.guest(made))

    assert handed(moot, id_).state is Handed.REVOKED
    assert view(moot, made).state is State.CLOSED


@pytest.mark.usefixtures("agreed")
def test_its_member_writes_on_while_a_partner_has_it(moot, made):
    bring(moot, made)

    shown = view(moot, made)

    assert "withdraw" in shown.acts


def test_what_is_not_there_cannot_be_accepted(moot):
    with pytest.raises(NotFound):
        handovers.accepted(moot.node, new_id(moot.node), promise(moot))
