import json
from uuid import uuid4

import pytest

from federation import keys, proofs
from federation.errors import ProofBad
from node import following
from tests.peers.cleo import TYPE, ask, digests, served
from tests.peers.meeting import TEXT, TITLE, awaited

pytestmark = pytest.mark.network
PROFILES = ["rfc9421", "cavage"]


def test_the_peer_finds_the_community_by_its_address(met):
    found = met.peer.order("look", account=f"@ash-moot@{met.node.settings.host}")

    assert (found["id"], found["type"], found["name"]) == (met.ash, "Group", "Ash Moot")
    assert found["inbox"] == f"{met.ash}/inbox"
    assert found["publicKey"]["owner"] == met.ash


def test_the_peer_follows_and_gets_a_signed_yes(met):
    follow = met.follow()

    yes = met.heard("Accept", follow)
    [arrival] = met.arrivals(yes["id"])
    assert (yes["actor"], arrival["signedBy"]) == (met.ash, met.ash)


def test_whom_we_follow_there_says_yes_as_the_manual_of_fedify_has_it(met):
    met.befriend(met.peer.cleo)

    def answered():
        _, ours = following.listed(met.node, by=met.moot["dov"])
        return [one.state for one in ours.lines if one.state != "pending"]

    assert awaited(answered, "the yes") == ["accepted"]


def test_a_public_case_arrives_there_as_a_note(met):
    _, address = met.publish()

    heard = met.heard("Create", address)
    assert (heard["objectType"], heard["name"]) == ("Note", TITLE)
    assert TEXT in heard["content"]
    assert "Private words" not in json.dumps(met.arrivals(heard["id"]))


def test_an_answer_from_there_waits_here_for_approval(met):
    made, address = met.publish()

    met.reply(address)

    [line] = awaited(lambda: met.replies(made), "the reply")
    assert line.state == "pending"
    assert "A letter helped." in line.html
    assert line.address == f"@cleo@{met.peer.host}"


def test_an_approval_arrives_there_with_a_stamp_to_look_up(met):
    made, address = met.publish()
    reply = met.reply(address)

    met.approve(made)

    yes = met.heard("Accept", reply)
    [arrival] = met.arrivals(yes["id"])
    stamp = served(json.loads(arrival["body"])["result"])
    assert (stamp["type"], stamp["object"]) == ("ReplyApproval", reply)


def test_an_approved_answer_is_passed_on_as_it_came(met):
    made, address = met.publish()
    reply = met.reply(address)

    met.approve(made)

    arrival, *_ = awaited(lambda: met.passed_on(reply), "the Announce")
    assert arrival["innerProven"]


def test_what_is_passed_on_is_taken_there(met):
    made, address = met.publish()
    reply = met.reply(address)

    met.approve(made)

    arrival, *_ = awaited(lambda: met.passed_on(reply), "the Announce")
    assert arrival["status"] == 202


def test_a_change_of_state_arrives_there(met):
    made, address = met.publish()
    met.heard("Create", address)

    met.work_on(made)

    heard = met.heard("Update", address)
    [arrival] = met.arrivals(heard["id"])
    assert json.loads(arrival["body"])["object"]["fm:caseStatus"] == "fm:assigned"


def test_what_is_taken_back_is_deleted_there(met):
    made, address = met.publish()
    met.heard("Create", address)

    met.take_back(made)

    heard = met.heard("Delete", address)
    [arrival] = met.arrivals(heard["id"])
    assert TITLE not in arrival["body"]
    assert ask("GET", address, fields={"Accept": TYPE}).status == 410


def test_an_answer_that_its_author_deletes_loses_its_words_here(met):
    made, address = met.publish()
    reply = met.reply(address)
    awaited(lambda: met.replies(made), "the reply")

    met.peer.tell(met.peer.says("Delete", reply), to=met.ash)

    def deleted():
        return [one for one in met.replies(made) if one.state == "deleted"]

    [line] = awaited(deleted, "the deletion")
    assert line.html == ""


@pytest.mark.parametrize("profile", PROFILES)
def test_a_request_of_theirs_is_accepted_here_in_either_profile(met, profile):
    captured = met.captured(profile)

    assert (captured["profile"], captured["status"]) == (profile, 202)
    assert met.received(captured["id"]) == 1


@pytest.mark.parametrize("profile", PROFILES)
def test_a_body_that_was_changed_on_its_way_is_refused(met, profile):
    captured = met.unproven(profile)
    changed = captured["body"].replace("likes", "hates").encode()

    answer = ask("POST", captured["url"], fields=captured["fields"], body=changed)

    assert changed != captured["body"].encode()
    assert (answer.status, answer.code) == (401, "sig.digest")
    assert '"content-digest"' in answer.fields["accept-signature"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_digest_that_was_changed_with_the_body_is_refused(met, profile):
    captured = met.unproven(profile)
    changed = captured["body"].replace("likes", "hates").encode()
    fields = {**captured["fields"], **digests(changed, profile)}

    answer = ask("POST", captured["url"], fields=fields, body=changed)

    assert (answer.status, answer.code) == (401, "sig.bad")


def test_the_same_request_again_is_taken_once(met):
    captured = met.captured("rfc9421")
    body, fields = captured["body"].encode(), captured["fields"]

    again = ask("POST", captured["url"], fields=fields, body=body)

    assert again.status == 202
    assert met.received(captured["id"]) == 1


@pytest.mark.parametrize("profile", PROFILES)
def test_a_key_that_nobody_published_is_refused(met, profile):
    like = met.peer.says("Like", met.ash)

    statuses = met.knock(like, profile=profile, stranger=True)

    assert set(statuses) == {401}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_request_of_ours_is_accepted_there_in_either_profile(met, profile):
    [other] = set(PROFILES) - {profile}
    met.peer.order("become", refuse=other)
    _, address = met.publish()

    heard = met.heard("Create", address)

    *before, last = met.arrivals(heard["id"])
    assert {one["profile"] for one in before} <= {other}
    assert (last["profile"], last["status"]) == (profile, 202)
    assert last["signedBy"] == met.ash


def test_we_sign_what_the_peer_asks_for(met):
    nonce = uuid4().hex
    met.peer.order("become", nonce=nonce)
    _, address = met.publish()

    heard = met.heard("Create", address)

    refused, let_in = met.arrivals(heard["id"])
    assert (refused["status"], let_in["status"]) == (401, 202)
    assert f'nonce="{nonce}"' in let_in["fields"]["signature-input"]
    assert '"content-type"' in let_in["fields"]["signature-input"]


def test_the_peer_signs_what_we_ask_for(met):
    like = met.peer.says("Like", met.ash)

    statuses = met.knock(like, profile="rfc9421", components=["@method"])

    assert statuses == [401, 202]


def test_our_proofs_hold_there_and_only_over_what_was_said(met):
    _, address = met.publish()
    heard = met.heard("Create", address)
    [arrival] = met.arrivals(heard["id"])
    document = json.loads(arrival["body"])

    document["object"]["name"] = "Something else"

    assert arrival["proven"]
    assert not met.peer.order("proven", document=document)


def test_their_proofs_hold_here_and_only_over_what_was_said(met):
    document = json.loads(met.captured("rfc9421")["body"])
    listed = keys.of_actor(served(met.peer.cleo))

    key = proofs.verify(document, listed.__getitem__, at=met.node.now())

    assert key.owner == met.peer.cleo
    document["content"] = document["content"].replace("likes", "hates")
    with pytest.raises(ProofBad):
        proofs.verify(document, listed.__getitem__, at=met.node.now())


def test_a_proof_that_does_not_hold_is_refused_with_a_good_signature(met):
    document = json.loads(met.captured("rfc9421")["body"])
    said = {**document, "id": f"{met.peer.origin}/activities/{uuid4()}"}
    unproven = {name: it for name, it in said.items() if name != "proof"}

    assert met.knock(said, profile="rfc9421")[0] == 401
    assert met.knock(unproven, profile="rfc9421") == [202]


def test_a_peer_may_serve_its_actor_to_signed_requests_only(met):
    unsigned = ask("GET", met.shy.cleo, fields={"Accept": TYPE})

    captured = met.captured("rfc9421", met.shy)

    assert unsigned.status == 401
    assert captured["status"] == 202
