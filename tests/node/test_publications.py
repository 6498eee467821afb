from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from federation import strict
from governance.cases import Act, State
from governance.errors import AuthRequired, NotYours, Refusal, WrongState
from node import (
    cases,
    consent,
    neighbours,
    publications,
    published,
    replies,
    threads,
)
from node.models.cases import Case
from node.models.consent import Consent
from node.models.inbox import Received
from node.models.outbox import Outgoing
from node.threads import Words
from tests.support.neighbours import TEXT, TITLE, following
from tests.support.publicly import (
    Shown,
    entries,
    stored,
    withdraw_consent,
)

PRIVATE = "Private words."


@pytest.fixture
def shown(moot, heard, tmp_path):
    # A case of Ada's, and a neighbour that follows.
    with following(moot, tmp_path / "there") as birch:
        made = moot.tell(by=moot["ada"])
        yield Shown(moot, birch, made, heard)


def test_only_its_member_makes_a_case_public(lane):
    made = lane.tell()

    for visitor in (lane.stewards["ash"], lane.cleo):
        with pytest.raises(Refusal):
            publications.publish(lane.ash, made.reference, TITLE, TEXT, by=visitor)

    assert publications.shown(lane.ash, made.reference, by=lane.ada) is None
    assert publications.every(lane.ash) == []


def test_not_even_whoever_works_on_it_makes_a_case_public(shown):
    shown.moot.bring(shown.made, State.WORKING)

    with pytest.raises(NotYours):
        publications.publish(
            shown.moot.node, shown.made.reference, TITLE, TEXT, by=shown.moot["cleo"]
        )


def test_whoever_proved_themselves_long_ago_does_it_once_more_first(lane):
    made = lane.tell()

    with pytest.raises(AuthRequired):
        publications.publish(
            lane.ash, made.reference, TITLE, TEXT, by=replace(lane.ada, fresh=False)
        )

    assert publications.every(lane.ash) == []


@pytest.mark.parametrize(("title", "text"), [("", TEXT), (TITLE, " "), (" \n", TEXT)])
def test_a_public_case_says_something(lane, title, text):
    made = lane.tell()

    with pytest.raises(Refusal):
        publications.publish(lane.ash, made.reference, title, text, by=lane.ada)


def test_a_case_is_made_public_once(lane):
    made = lane.tell()
    lane.publish(made)

    with pytest.raises(WrongState):
        lane.publish(made)

    assert len(publications.every(lane.ash)) == 1


def test_a_case_that_was_taken_back_is_not_made_public(lane):
    made = lane.tell()
    cases.withdraw(lane.ash, made.reference, by=lane.ada)

    with pytest.raises(Refusal):
        lane.publish(made)


def test_private_words_names_and_numbers_never_leave(lane, heard):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    withdraw_consent(lane, made)
    with lane.ash.read() as tx:
        case = tx.scalars(select(Case)).one()

    assert len(heard) >= 6
    carried = b"\n".join(heard).decode().lower()
    inside = [
        PRIVATE,
        made.reference,
        made.link_token,
        "ada@",
        '"ada"',
        case.id,
        case.id.hex,
    ]
    for word in [*inside, lane.ada.person_id, lane.cleo.person_id]:
        assert str(word).lower() not in carried, word
    assert TEXT.lower() in carried


def test_each_status_others_can_see_is_told_once(shown):
    shown.publish()
    shown.moot.bring(shown.made, State.WAITING_MEMBER)
    shown.settle()
    words = Words(uuid4(), "Since May.")
    threads.write(shown.moot.node, shown.made.reference, words, by=shown.moot["ada"])
    shown.settle()
    shown.moot.act(shown.made, Act.RESOLVE, shown.moot["cleo"], text="It is repaired.")
    shown.settle()
    shown.moot.act(shown.made, Act.CONFIRM, shown.moot["ada"], answer="solved")
    shown.settle()

    assert shown.told() == [
        ("Create", "fm:open"),
        ("Update", "fm:assigned"),
        ("Update", "fm:waiting"),
        ("Update", "fm:assigned"),
        ("Update", "fm:resolved"),
        ("Update", "fm:closed"),
    ]
    [case] = shown.there()
    assert case.status == "fm:closed"


def test_a_case_that_is_discarded_is_public_no_longer(shown):
    shown.publish()

    with shown.moot.node.begin() as tx:
        case = tx.scalars(select(Case)).one()
        case.state = State.DISCARDED
        published.moved(shown.moot.node, tx, case)
    shown.settle()

    assert [kind for kind, _ in shown.told()] == ["Create", "Delete"]
    assert publications.every(shown.moot.node) == []


def test_withdrawing_a_case_takes_it_back_from_everybody(shown):
    shown.publish()

    cases.withdraw(shown.moot.node, shown.made.reference, by=shown.moot["ada"])
    shown.settle()

    is_gone(shown)


def test_withdrawing_a_case_ends_what_its_member_agreed_to_show(shown):
    shown.publish()

    cases.withdraw(shown.moot.node, shown.made.reference, by=shown.moot["ada"])

    with shown.moot.node.read() as tx:
        row = tx.scalars(select(Consent).where(Consent.purpose == "publish")).one()
        [case_id] = tx.scalars(select(Case.id))
    assert row.withdrawn_at is not None
    said = [
        (one.kind, dict(one.disclosed)) for one in entries(shown.moot.node, case_id)
    ]
    assert [kind for kind, _ in said[-2:]] == ["withdraw", "consent.revoke"]
    assert said[-1][1]["purpose"] == "publish"


def test_a_case_nobody_may_work_on_any_more_is_public_no_longer(shown):
    shown.publish()
    with shown.moot.node.read() as tx:
        row = tx.scalars(select(Consent).where(Consent.purpose == "handle_case")).one()

    consent.revoke(shown.moot.node, shown.made.reference, row.id, by=shown.moot["ada"])
    shown.settle()

    is_gone(shown)
    with shown.moot.node.read() as tx:
        held = tx.scalars(select(Consent).where(Consent.withdrawn_at.is_(None)))
        assert [one.purpose for one in held if one.purpose == "publish"] == []


def test_withdrawing_the_consent_takes_it_back_from_everybody(shown):
    shown.publish()
    with shown.moot.node.read() as tx:
        row = tx.scalars(select(Consent).where(Consent.purpose == "publish")).one()

    consent.revoke(shown.moot.node, shown.made.reference, row.id, by=shown.moot["ada"])
    shown.settle()

    is_gone(shown)


def is_gone(shown):
    node, ada = shown.moot.node, shown.moot["ada"]
    assert [kind for kind, _ in shown.told()] == ["Create", "Delete"]
    [there] = shown.there()
    assert (there.name, there.html) == ("", "")
    assert there.deleted_at is not None
    seen = publications.shown(node, shown.made.reference, by=ada)
    assert (seen.title, seen.text) == ("", "")
    assert [(one.told, one.state) for one in seen.recipients] == [(False, "done")]
    document, gone = publications.document(node, seen.address.rpartition("/")[2])
    assert (document["type"], gone) == ("Tombstone", True)
    kept = stored(node, Outgoing.raw)
    assert not any(TITLE.encode() in raw for raw in kept)


def test_what_was_taken_back_is_nowhere_in_what_a_neighbour_received(shown):
    shown.publish()
    cases.withdraw(shown.moot.node, shown.made.reference, by=shown.moot["ada"])
    shown.settle()

    received = stored(shown.birch, Received.raw)
    assert not any(raw and TITLE.encode() in raw for raw in received)


def test_taken_back_before_it_was_sent_it_is_never_sent(lane, heard):
    made = lane.tell()
    lane.village.roads.away = {"https://birch.example"}
    lane.publish(made)
    before = len(heard)
    withdraw_consent(lane, made)
    lane.village.roads.away = set()
    for _ in range(10):
        lane.village.pass_time(minutes=5)
        lane.run()

    types = [strict.loads(body)["type"] for body in heard[before:]]
    assert set(types) == {"Delete"}
    assert neighbours.every(lane.birch, by=lane.cleo) == []


def test_made_public_again_it_is_another_thing(lane):
    made = lane.tell()
    lane.publish(made)
    first = publications.shown(lane.ash, made.reference, by=lane.ada).address
    lane.answer()
    lane.approve(made)
    withdraw_consent(lane, made)
    lane.publish(made)

    second = publications.shown(lane.ash, made.reference, by=lane.ada)
    assert second.address != first
    [there] = neighbours.every(lane.birch, by=lane.cleo)
    assert (there.id, there.name) == (second.address, TITLE)


def test_an_old_id_stays_gone_when_the_case_is_public_again(lane):
    made = lane.tell()
    lane.publish(made)
    first = publications.shown(lane.ash, made.reference, by=lane.ada).address
    withdraw_consent(lane, made)
    lane.publish(made)

    document, gone = publications.document(lane.ash, first.rpartition("/")[2])

    assert (document["type"], gone) == ("Tombstone", True)


def test_replies_to_what_was_taken_back_do_not_stand_beside_what_is_new(lane):
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    withdraw_consent(lane, made)
    lane.publish(made)

    assert replies.listed(lane.ash, made.reference, by=lane.ada) == []
