import pytest

from federation.inbox import Carried, Local, Proof, Trust, fetched, passed_on, trust
from tests.federation.arrivals import (
    ASH,
    BIRCH,
    CASE,
    CEDAR,
    CLEO,
    DOV,
    EVE,
    GROUP,
    activity,
    create,
    reply,
)

LOCAL = Local(ASH, GROUP)
STRANGERS = create(reply())
PROVEN = Carried(Proof.GOOD)


def of(inner, *, actor=EVE, proof=Proof.NONE):
    return trust(inner, actor=actor, local=LOCAL, known=Carried(proof))


def announce(inner):
    return activity("Announce", inner, actor=EVE, id=f"{CEDAR}/a/1")


def test_an_actors_own_words_are_used_as_they_are():
    assert of(reply(), actor=CLEO) is Trust.USE


@pytest.mark.parametrize("actor", [EVE, DOV])
def test_anothers_words_are_fetched_from_where_they_live(actor):
    assert of(reply(), actor=actor) is Trust.REFETCH
    assert of(STRANGERS, actor=actor) is Trust.REFETCH


def test_anothers_words_are_used_with_a_good_proof():
    assert of(STRANGERS, proof=Proof.GOOD) is Trust.USE
    assert of(STRANGERS, proof=Proof.UNKNOWN) is Trust.REFETCH


@pytest.mark.parametrize("actor", [CLEO, EVE])
def test_a_proof_that_does_not_hold_spoils_all(actor):
    assert of(reply(), actor=actor, proof=Proof.BAD) is Trust.DISCARD
    assert of(f"{BIRCH}/1", actor=actor, proof=Proof.BAD) is Trust.DISCARD


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.GOOD])
def test_an_id_under_anothers_origin_proves_nothing(proof):
    forged = reply(id=f"{CEDAR}/notes/1")

    assert of(forged, proof=proof) is Trust.DISCARD
    assert of(forged, actor=CLEO, proof=proof) is Trust.DISCARD


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.GOOD])
@pytest.mark.parametrize("author", [CLEO, GROUP])
def test_of_what_is_ours_our_own_copy_counts(proof, author):
    assert of(reply(id=CASE, attributedTo=author), proof=proof) is Trust.OURS
    assert of(CASE, proof=proof) is Trust.OURS


def test_an_id_that_is_known_here_as_anothers_stays_theirs():
    for proof in (Proof.NONE, Proof.GOOD):
        known = Carried(proof, holder=DOV)
        assert trust(reply(), actor=CLEO, local=LOCAL, known=known) is Trust.DISCARD
    known = Carried(holder=CLEO)
    assert trust(reply(), actor=CLEO, local=LOCAL, known=known) is Trust.USE


@pytest.mark.parametrize(
    "note", [reply(attributedTo=DOV), reply(id=f"{CEDAR}/1"), reply(id=CASE)]
)
def test_an_envelope_of_ones_own_proves_nothing_for_what_is_inside(note):
    assert of(create(note), actor=CLEO) is Trust.DISCARD
    assert of(create(note), actor=EVE, proof=Proof.GOOD) is Trust.DISCARD
    assert fetched(create(note), local=LOCAL) is Trust.DISCARD


def test_what_is_only_named_is_fetched():
    assert of(f"{BIRCH}/notes/1") is Trust.REFETCH
    assert of([f"{BIRCH}/notes/1"]) is Trust.REFETCH


def test_what_names_no_sure_owner_is_fetched():
    assert of(reply(attributedTo=[CLEO, EVE]), actor=CLEO) is Trust.REFETCH


@pytest.mark.parametrize(
    "inner", [None, 7, "", "x", {}, {"id": 7}, [], ["a", "b"], "http://birch.example/1"]
)
def test_what_has_no_usable_id_is_thrown_away(inner):
    assert of(inner) is Trust.DISCARD


def test_a_group_passes_on_what_can_be_authenticated():
    assert passed_on(announce(STRANGERS), local=LOCAL) is Trust.REFETCH
    assert passed_on(announce(STRANGERS), local=LOCAL, known=PROVEN) is Trust.USE
    assert passed_on(announce(CASE), local=LOCAL) is Trust.OURS


@pytest.mark.parametrize(
    "inner",
    [
        announce(STRANGERS),
        [announce(STRANGERS)],
        create(reply(**{"fm:sealed": {}})),
        create(reply(type="fm:Case")),
        activity("Add", CASE, **{"fm:sequence": 1}),
    ],
)
def test_neither_privacy_nor_a_second_round_is_passed_on(inner):
    assert passed_on(announce(inner), local=LOCAL, known=PROVEN) is Trust.DISCARD


def test_a_fetched_document_is_its_owners_on_its_own_origin():
    assert fetched(reply(), local=LOCAL) is Trust.USE
    assert fetched(reply(attributedTo=EVE), local=LOCAL) is Trust.DISCARD
    assert fetched(reply(attributedTo=[]), local=LOCAL) is Trust.DISCARD
    assert fetched(reply(id=None), local=LOCAL) is Trust.DISCARD
    assert fetched(announce(STRANGERS), local=LOCAL) is Trust.DISCARD
    assert fetched(reply(id=CASE, attributedTo=GROUP), local=LOCAL) is Trust.DISCARD
    assert fetched(reply(**{"fm:sealed": {}}), local=LOCAL) is Trust.DISCARD
