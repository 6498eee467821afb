"""Everything about one member, and nothing about anybody else."""

import json
from datetime import timedelta

import pytest

from federation import proofs
from governance.access import Field, Ground
from governance.cases import State
from governance.consent import Purpose
from governance.errors import AuthRequired
from governance.retention import Choice, Phase
from governance.walls import InterestKind
from node import access, cases, interests, keeping, own_data
from node.accounts import GUEST
from node.keeping import Chosen
from node.models.access import Access
from node.own_data.exporting import plain
from tests.support import members

STORY = "canary: the landlord hit the wall with a hammer"


@pytest.fixture
def made(moot):
    made = moot.tell(by=moot["ada"], text=STORY)
    moot.tell(by=moot["ben"], text="canary of ben")
    return made


@pytest.mark.capability("1.6")
def test_it_is_theirs_by_purpose_with_who_read_it(moot, made):
    moot.bring(made, State.WORKING)
    cases.view(moot.node, made.reference, by=moot["cleo"])

    found = own_data.held(moot.node, by=moot["ada"])

    assert found.name == "Ada"
    assert [it.value for it in found.contacts] == ["ada@ash.example"]
    (case,) = found.cases
    assert (case.reference, case.state, case.keeping) == (
        made.reference,
        State.WORKING,
        None,
    )
    sharing = access.sharing(moot.node, made.reference, by=moot["ada"])
    assert case.reads == sum(it.times for it in sharing.reads) > 0
    purposes = dict(found.purposes)
    assert {it.case for it in purposes[Purpose.HANDLE_CASE]} == {made.reference}


def test_it_says_what_becomes_of_a_case_and_forgets_what_was_erased(moot, made):
    ada = moot["ada"]
    cases.withdraw(moot.node, made.reference, by=ada)
    (case,) = own_data.held(moot.node, by=ada).cases
    assert case.keeping is Phase.ASKED

    keeping.choose(moot.node, made.reference, Chosen(Choice.KEEP), by=ada)

    (case,) = own_data.held(moot.node, by=ada).cases
    assert case.keeping is Phase.KEPT
    assert case.due_at == moot.node.now() + timedelta(days=365)
    keeping.choose(moot.node, made.reference, Chosen(Choice.NAMELESS), by=ada)
    found = own_data.held(moot.node, by=ada)
    assert (found.cases, found.purposes) == ((), ())


def test_the_file_has_every_word_and_none_of_others(moot, made):
    found = own_data.export(moot.node, by=moot["ada"])

    written = json.dumps(found)
    assert STORY in written
    assert "canary of ben" not in written
    (case,) = found["fm:cases"]
    assert case["case"]["story"] == STORY
    assert "handle_case" in {it["purpose"] for it in case["consents"]}
    assert case["receipts"].endswith(f"/cases/{made.reference}/bundle")


def test_the_file_lists_every_read_however_many(moot, made):
    moot.bring(made, State.WORKING)
    for _ in range(60):
        moot.village.pass_time(hours=2)
        cases.view(moot.node, made.reference, by=moot["cleo"])

    (case,) = own_data.export(moot.node, by=moot["ada"])["fm:cases"]

    assert len(case["reads"]) >= 60
    assert len({it["id"] for it in case["reads"]}) == len(case["reads"])
    assert {it["name"] for it in case["reads"]} == {""}


def test_the_file_is_signed_once_the_community_has_a_key(moot):
    assert "proof" not in own_data.export(moot.node, by=moot["ada"])
    moot.village.connect(moot.node)

    found = own_data.export(moot.node, by=moot["ada"])

    assert found["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    raw = proofs.signed_bytes(json.loads(json.dumps(found)), found["proof"])
    assert raw == proofs.signed_bytes(found, found["proof"])


def test_a_look_up_of_the_person_is_shown_by_role(moot):
    iris, ada = moot["iris"], moot["ada"]
    with moot.node.begin() as tx:
        now = moot.node.now()
        tx.add(
            Access(
                person_id=iris.person_id, role="coordinator", field=Field.PERSON,
                ground=Ground.OFFICE, about_id=ada.person_id, channel="web",
                at=now, last_at=now, times=1,
            )
        )  # fmt: skip

    (line,) = own_data.held(moot.node, by=ada).look_ups

    assert (line.role, line.field) == ("coordinator", Field.PERSON)
    assert own_data.held(moot.node, by=moot["ben"]).look_ups == ()


def test_an_exceptional_look_shows_once_its_member_was_told(moot, made):
    vera = members.join(moot.node, "vera@ash.example", "steward")
    vera = members.visitor(moot.node, vera, "Vera")
    ada = moot["ada"]
    look = access.ask(moot.node, made.reference, "Danger.", by=moot["dov"])
    access.answer(moot.node, look, agree=True, by=vera)
    cases.view(moot.node, made.reference, by=moot["dov"])
    assert [it.reads for it in own_data.held(moot.node, by=ada).cases] == [0]

    moot.village.pass_time(hours=73)
    moot.village.work(moot.node)

    assert [it.reads for it in own_data.held(moot.node, by=ada).cases] == [1]


def test_whoever_has_no_account_has_no_such_page(moot):
    guest = moot.guest(moot.tell())
    for who in (GUEST, guest):
        for act in (own_data.held, own_data.export):
            with pytest.raises(AuthRequired):
                act(moot.node, by=who)


def test_what_has_no_shape_in_the_file_stops_it():
    with pytest.raises(TypeError):
        plain(object())
    assert plain({"a": timedelta(minutes=1)}) == {"a": 60}


def test_what_somebody_declared_to_have_to_do_with_is_theirs_to_take_away(moot):
    about = "Marsh & Sons, canary letting agents"
    interests.declare(moot.node, InterestKind.BODY, about, by=moot["cleo"])

    found = own_data.held(moot.node, by=moot["cleo"]).interests
    assert [(it.kind, it.subject) for it in found] == [(InterestKind.BODY, about)]
    document = own_data.export(moot.node, by=moot["cleo"])
    assert document["fm:person"]["interests"][0]["subject"] == about
    assert own_data.held(moot.node, by=moot["eve"]).interests == ()
