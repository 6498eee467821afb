from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import (
    ActivityMalformed,
    ActorLocalId,
    ActorMismatch,
    NobodyAddressed,
    ProofBad,
    Rejected,
    TypeUnsupported,
)
from federation.inbox import Lane, Local, Proof, check_sender, sender
from tests.federation.arrivals import (
    ASH,
    BIRCH,
    CASE,
    CEDAR,
    CLEO,
    DOV,
    EVE,
    GROUP,
    PUBLIC,
    activity,
    arrived,
    create,
    follow,
    reply,
)

SHARED = Local(ASH)
OWN = Local(ASH, GROUP)
PARTNER = Local(ASH, GROUP, lanes=frozenset(Lane))
OFFER = activity("Offer", {"id": f"{BIRCH}/1", "type": "fm:Agreement"}, to=[GROUP])


def refused(kind, document, *, by=CLEO, local=None, proof=Proof.NONE):
    with pytest.raises(kind) as caught:
        check_sender(arrived(document, by=by, local=local), proof=proof)
    assert caught.type is kind
    return caught.value.status


def test_an_activity_of_its_signer_is_taken():
    checked = check_sender(arrived(follow()))

    assert (checked.id, checked.type) == (f"{BIRCH}/activities/1", "Follow")
    assert (checked.actor, checked.place.row) == (CLEO, 1)


@pytest.mark.parametrize("actor", [{"id": CLEO, "publicKey": "x"}, [CLEO]])
def test_an_embedded_actor_counts_by_its_id(actor):
    assert check_sender(arrived(follow(actor=actor))).actor == CLEO


@pytest.mark.parametrize("by", [EVE, DOV, f"{CLEO}/", CLEO.upper(), f"{CLEO}#main-key"])
def test_nobody_acts_for_another(by):
    assert refused(ActorMismatch, follow(), by=by) == 400


@pytest.mark.parametrize("key", ["id", "actor", "type"])
@pytest.mark.parametrize("value", [None, [], {}, 7, ["", 7], [{}]])
def test_an_activity_has_an_id_an_actor_and_a_type(key, value):
    document = follow(**{key: value})

    with pytest.raises(Rejected) as caught:
        check_sender(arrived(document))
    assert caught.value.status == 400


@pytest.mark.parametrize("key", ["id", "actor", "type"])
def test_none_of_the_three_may_be_missing(key):
    refused(ActivityMalformed, {k: v for k, v in follow().items() if k != key})


@pytest.mark.parametrize(
    "id_",
    ["", "x", "http://birch.example/1", "https://192.0.2.1/1", f"{BIRCH}/{'x' * 2048}"],
)
def test_an_id_is_a_usable_address(id_):
    refused(ActivityMalformed, follow(id=id_))


def test_plain_http_is_for_hosts_that_the_settings_name():
    there = "http://birch.test:8000"
    document = follow(id=f"{there}/1", actor=f"{there}/u")
    local = replace(OWN, insecure=frozenset({"birch.test:8000"}))

    check_sender(arrived(document, by=f"{there}/u", local=local))

    refused(ActivityMalformed, document, by=f"{there}/u")


def test_an_id_is_of_the_origin_of_its_actor():
    refused(ActorMismatch, follow(id=f"{CEDAR}/activities/1"))


@pytest.mark.parametrize("id_", [f"{ASH}/ap/activities/1", "https://ASH.example:443/x"])
def test_no_stranger_has_an_id_of_ours(id_):
    refused(ActorLocalId, follow(id=id_))
    refused(ActorLocalId, follow(id=id_, actor=GROUP), by=GROUP)
    refused(ActorLocalId, create(reply(id=id_)))


@pytest.mark.parametrize("type_", ["Create", "Update"])
@pytest.mark.parametrize(
    "author",
    [EVE, DOV, [CLEO, DOV], [DOV, CLEO], {"id": CLEO}, [{"id": CLEO}], 7, {}, []],
)
def test_what_is_made_or_changed_is_the_actors_own(type_, author):
    refused(ActorMismatch, activity(type_, reply(attributedTo=author)))


def test_what_is_made_says_whose_it_is():
    nobodys = {k: v for k, v in reply().items() if k != "attributedTo"}

    refused(ActivityMalformed, create(nobodys))


def test_an_object_that_also_names_another_actor_is_nobodys():
    refused(ActorMismatch, create(reply(actor=DOV)))


@pytest.mark.parametrize("author", [EVE, [CLEO, DOV], {"id": CLEO}])
def test_the_activity_itself_is_attributed_to_nobody_else(author):
    refused(ActorMismatch, follow(attributedTo=author))


def test_an_activity_that_calls_itself_an_actor_is_its_own_only():
    refused(ActorMismatch, follow(type=["Follow", "Person"]))


def test_what_is_made_has_an_id_on_its_actors_origin():
    refused(ActorMismatch, create(reply(id=f"{CEDAR}/notes/1")))
    refused(ActivityMalformed, create(reply(id=None)))


@pytest.mark.parametrize("type_", ["Person", ["Note", "Group"]])
def test_only_an_actor_updates_itself(type_):
    itself = {"id": CLEO, "type": type_, "publicKey": {}}

    check_sender(arrived(activity("Update", itself)))

    refused(ActorMismatch, activity("Update", itself, actor=DOV), by=DOV)
    refused(ActorMismatch, activity("Update", {**itself, "id": DOV}))


@pytest.mark.parametrize(
    "document",
    [
        activity("Follow", GROUP),
        activity("Like", CASE),
        activity("Undo", {"id": f"{BIRCH}/1", "type": "Like", "object": CASE}),
        create(reply(), to=[PUBLIC]),
        create(reply(inReplyTo=None, cc=[GROUP]), to=[PUBLIC]),
        create(reply(inReplyTo=None), to=[], cc=GROUP),
        create(reply(inReplyTo=None), to=[{"id": GROUP}]),
        create(reply(inReplyTo=None), to=[], audience=GROUP),
        activity("Delete", f"{BIRCH}/notes/1", to=[PUBLIC]),
    ],
)
def test_the_shared_inbox_takes_what_means_somebody_here(document):
    check_sender(arrived(document, local=SHARED))


def test_the_shared_inbox_takes_what_followers_wait_for():
    document = create(reply(inReplyTo=None), to=[PUBLIC])

    check_sender(arrived(document, local=Local(ASH, follows=True)))

    assert refused(NobodyAddressed, document, local=SHARED) == 400


def test_a_neighbouring_host_is_not_us():
    document = activity("Like", "https://ash.example.cedar.example/1")

    refused(NobodyAddressed, document, local=SHARED)


def test_without_agreements_nothing_private_is_supported():
    assert refused(TypeUnsupported, OFFER) == 400


def test_what_partners_exchange_goes_to_an_inbox_that_it_names():
    check_sender(arrived(OFFER, local=PARTNER), proof=Proof.GOOD)

    shared = replace(PARTNER, actor=None)
    refused(NobodyAddressed, OFFER, local=shared, proof=Proof.GOOD)
    elsewhere = {**OFFER, "to": [f"{ASH}/ap/c/other"]}
    refused(NobodyAddressed, elsewhere, local=PARTNER, proof=Proof.GOOD)


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.BAD, Proof.UNKNOWN])
def test_what_partners_exchange_is_proven(proof):
    assert refused(ProofBad, OFFER, local=PARTNER, proof=proof) == 401


def test_a_proof_that_does_not_hold_refuses_in_every_lane():
    for proof in (Proof.NONE, Proof.GOOD, Proof.UNKNOWN):
        check_sender(arrived(follow()), proof=proof)

    refused(ProofBad, follow(), proof=Proof.BAD)


def test_a_good_proof_never_replaces_the_signature():
    refused(ActorMismatch, OFFER, by=EVE, local=PARTNER, proof=Proof.GOOD)


def test_the_sender_is_counted_by_what_the_body_claims():
    assert sender(follow(actor={"id": EVE})) == EVE
    assert sender({"actor": [EVE, CLEO]}) is None


values = st.recursive(
    st.none() | st.integers() | st.sampled_from([CLEO, DOV, EVE, GROUP, "Note", ""]),
    lambda below: (
        st.lists(below, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "type", "attributedTo", "to"]), below)
    ),
    max_leaves=6,
)
changes = st.dictionaries(
    st.sampled_from(["id", "actor", "type", "object", "to", "attributedTo", "result"]),
    values,
)


@given(changes, changes, st.sampled_from([CLEO, DOV, EVE]))
def test_whatever_is_sent_is_its_signers_or_refused(outer, inner, by):
    document = {**create({**reply(), **inner}), **outer}

    try:
        checked = check_sender(arrived(document, by=by))
    except Rejected:
        return

    assert checked.actor == by
