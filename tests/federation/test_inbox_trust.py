import pytest

from federation.inbox import Local, is_own
from tests.federation.arrivals import (
    ASH,
    BIRCH,
    CASE,
    CEDAR,
    CLEO,
    DOV,
    EVE,
    GROUP,
    create,
    reply,
)

LOCAL = Local(ASH, GROUP)


def of(inner, *, actor=EVE, local=LOCAL):
    return is_own(inner, actor=actor, local=local)


def test_an_actors_own_words_are_used_as_they_are():
    assert of(reply(), actor=CLEO)
    assert of([reply()], actor=CLEO)
    assert of(create(reply()), actor=CLEO)


@pytest.mark.parametrize("actor", [EVE, DOV])
@pytest.mark.parametrize("inner", [reply(), create(reply())])
def test_anothers_words_are_never_used(actor, inner):
    assert not of(inner, actor=actor)


def test_an_id_under_anothers_origin_proves_nothing():
    forged = reply(id=f"{CEDAR}/notes/1")

    assert not of(forged)
    assert not of(forged, actor=CLEO)


@pytest.mark.parametrize("author", [CLEO, GROUP, EVE])
def test_what_is_ours_is_nobody_elses(author):
    ours = reply(id=CASE, attributedTo=author)

    assert not of(ours)
    assert not of(ours, actor=author)


@pytest.mark.parametrize(
    "note", [reply(attributedTo=DOV), reply(id=f"{CEDAR}/1"), reply(id=CASE)]
)
def test_an_envelope_of_ones_own_proves_nothing_for_what_is_inside(note):
    assert not of(create(note), actor=CLEO)
    assert not of(create(note))


def test_what_is_only_named_is_not_there_to_be_used():
    assert not of(f"{BIRCH}/notes/1", actor=CLEO)
    assert not of([f"{BIRCH}/notes/1"], actor=CLEO)


def test_what_names_no_sure_owner_is_not_used():
    assert not of(reply(attributedTo=[CLEO, EVE]), actor=CLEO)
    assert not of(reply(attributedTo=[]), actor=CLEO)


@pytest.mark.parametrize("inner", [None, 7, "", {}, {"id": 7}, [], ["a", "b"]])
def test_what_has_no_usable_id_is_thrown_away(inner):
    assert not of(inner)


@pytest.mark.parametrize(
    "id_", ["http://birch.example/1", f"{BIRCH}/a b", f"{BIRCH}:8"]
)
def test_an_id_that_is_no_usable_address_is_thrown_away(id_):
    assert not of(reply(id=id_), actor=CLEO)


def test_a_host_that_may_be_reached_without_tls_has_ids_like_any_other():
    here = Local(ASH, GROUP, insecure=frozenset({"birch.example:80"}))
    bob = "http://birch.example/u/bob"
    note = reply(id="http://birch.example/1", attributedTo=bob)

    assert of(note, actor=bob, local=here)
    assert not of(note, actor=bob)
