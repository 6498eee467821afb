from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest

from tests.support.door import known, refused
from tests.support.stranger import PUBLIC, dump, pem_of, rsa_key

# Keys that change.


def test_a_key_that_was_changed_is_asked_for_anew(place, eve):
    place.take(eve, eve.act("Like"))
    before = known(place.node, eve)[1].raw
    place.village.pass_time(minutes=2)
    eve.rotate()

    assert eve.send(eve.act("Like")).status_code == 202

    assert eve.fetched == 2
    assert known(place.node, eve)[1].raw != before


def test_a_signature_that_does_not_hold_makes_us_ask_once_in_five_minutes(place, eve):
    place.take(eve, eve.act("Like"))
    place.village.pass_time(minutes=2)
    wrong = eve.signer(rsa_key(9))

    def asked():
        before = eve.fetched
        with place.nothing_kept():
            assert refused(eve.send(eve.act("Like"), signer=wrong), 401, code="sig.bad")
        return eve.fetched - before

    assert [asked() for _ in range(4)] == [1, 0, 0, 0]
    place.village.pass_time(minutes=4)
    assert asked() == 0
    place.village.pass_time(minutes=2)
    assert [asked(), asked()] == [1, 0]


def test_a_key_that_is_changed_right_after_we_met_is_believed_at_once(place, eve):
    place.take(eve, eve.act("Like"))
    place.village.pass_time(seconds=5)
    eve.rotate()

    assert place.take(eve, eve.act("Like")) == ["done ignored"]
    assert eve.fetched == 2


def test_a_changed_key_whose_host_is_away_proves_nothing_yet(place, eve):
    place.take(eve, eve.act("Like"))
    place.village.pass_time(minutes=2)
    eve.rotate()
    with eve.away(), place.nothing_kept():
        assert refused(eve.send(eve.act("Like")), 503, code="key.away")
    # Whoever comes back too early is not turned away for good.
    place.village.pass_time(minutes=1)
    with place.nothing_kept():
        assert refused(eve.send(eve.act("Like")), 503, code="key.away")
    assert eve.fetched == 1
    place.village.pass_time(minutes=5)
    assert place.take(eve, eve.act("Like")) == ["done ignored"]


def test_a_key_that_is_known_is_good_while_its_host_is_away(place, eve):
    place.take(eve, eve.act("Like"))
    place.village.pass_time(days=2)

    with eve.away():
        assert eve.send(eve.act("Like")).status_code == 202


def test_a_key_that_is_listed_no_longer_is_good_for_a_day_at_most(place, eve):
    place.take(eve, eve.act("Like"))
    eve.serve(publicKey={}, assertionMethod=[])
    place.village.pass_time(hours=25)

    with place.nothing_kept():
        assert refused(eve.send(eve.act("Like")), 401, code="sig.key")


def test_what_an_actor_says_of_itself_is_heard_without_following_it(place, eve):
    place.take(eve, eve.act("Like"))
    eve.serve(name="Eve the Second")

    about = {"id": eve.id, "type": "Person", "name": "Not believed"}
    taken = place.take(eve, eve.act("Update", about, to=[PUBLIC]))

    assert taken == ["done"]
    assert known(place.node, eve)[0].name == "Eve the Second"


def test_nobody_says_it_for_another_actor_of_the_same_host(place, eve):
    other = place.stranger(eve.origin.partition("//")[2])
    other.id = f"{eve.origin}/u/mallory"
    other.serve()
    about = {"id": eve.id, "type": "Person"}

    with place.nothing_kept():
        answer = other.send(other.act("Update", about, to=[PUBLIC]))
        assert refused(answer, 400, "principal-actor-mismatch")


def test_the_last_word_of_an_actor_that_is_gone_counts_if_we_knew_its_key(place, eve):
    place.take(eve, eve.act("Follow"))
    place.village.pass_time(days=3)
    eve.vanish()

    assert place.take(eve, eve.prove(eve.act("Delete", eve.id))) == ["done"]
    assert known(place.node, eve)[0].gone_at is not None


def test_a_last_word_that_is_not_signed_by_that_key_has_no_effect(place, eve):
    place.take(eve, eve.act("Follow"))
    place.village.pass_time(days=3)
    eve.vanish()

    with place.nothing_kept():
        goodbye = eve.act("Delete", eve.id)
        assert eve.send(goodbye, signer=eve.signer(rsa_key(9))).status_code == 202
    assert known(place.node, eve)[0].gone_at is None


def test_an_actor_that_is_gone_says_nothing_else(place, eve):
    place.take(eve, eve.act("Follow"))
    place.village.pass_time(days=3)
    eve.vanish()

    with place.nothing_kept():
        assert refused(eve.send(eve.act("Like")), 401, code="sig.key")


# Proofs.


def test_a_proof_that_holds_is_taken(place, eve):
    assert place.take(eve, eve.prove(eve.act("Follow"))) == ["done"]
    assert eve.fetched == 1


@pytest.mark.parametrize("change", ["summary", "object"])
def test_a_proof_that_does_not_hold_refuses_what_is_signed_well(place, eve, change):
    follow = eve.prove(eve.act("Follow", summary="x"), **{change: f"{eve.group}"})
    if change == "object":
        follow["object"] = {"id": eve.group}
    with place.nothing_kept():
        assert refused(eve.send(follow), 401, code="proof.bad")


def test_a_proof_by_a_key_that_its_owner_does_not_list_refuses(place, eve):
    follow = eve.prove(eve.act("Follow"))
    eve.serve(assertionMethod=[])
    with place.nothing_kept():
        assert refused(eve.send(follow), 401)


def test_a_proof_whose_key_is_away_is_judged_later(place, eve):
    eve.serve(assertionMethod=[])
    place.take(eve, eve.act("Like"))
    follow = eve.prove(eve.act("Follow"))
    with eve.away(), place.nothing_kept():
        assert refused(eve.send(follow), 503, code="key.away")


def test_a_proof_of_a_kind_that_is_unknown_here_is_passed_over(place, eve):
    other = {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023"}
    assert place.take(eve, eve.act("Follow", proof=other)) == ["done"]


def test_a_proof_alone_proves_no_sender(place, eve):
    body = dump(eve.prove(eve.act("Follow")))
    with place.nothing_kept():
        answer = eve.knock(body, [("Content-Type", "application/activity+json")])
        assert refused(answer, 401, code="sig.missing")


# What strangers cannot make us do.


def test_nobody_makes_us_ask_ourselves_for_a_key(place, eve):
    carried = place.village.roads.carried
    ours = f"{place.node.settings.origin}/ap/node"
    signer = eve.signer(key_id=f"{ours}#main-key")
    before = len(carried)
    with place.nothing_kept():
        for actor in (ours, eve.id):
            answer = eve.send(eve.act("Follow", actor=actor), signer=signer)
            assert answer.status_code in {400, 401}
    assert carried[before:] == []


def test_only_four_requests_wait_for_strangers_keys_at_a_time(place, eve):
    waiting = [place.stranger() for _ in range(4)]
    inside = Semaphore(0)
    late = []

    def linger(url):
        if not url.startswith(tuple(one.origin for one in waiting)):
            return
        inside.release()
        late.append(url)
        assert done.wait(30)

    done = Event()
    place.village.roads.linger = linger
    try:
        with ThreadPoolExecutor(4) as pool:
            sent = [pool.submit(one.send, one.act("Like")) for one in waiting]
            for _ in waiting:
                assert inside.acquire(timeout=30)
            fifth = eve.send(eve.act("Like"))
            done.set()
            statuses = [one.result().status_code for one in sent]
    finally:
        done.set()
        place.village.roads.linger = lambda _: None

    assert refused(fifth, 503, code="key.away")
    assert (statuses, eve.fetched, len(late)) == ([202] * 4, 0, 4)


def test_a_key_has_five_seconds_in_all_however_often_it_is_asked_for(place, eve):
    # A key with a document of its own: its owner is asked too.
    bare = f"{eve.origin}/keys/1"
    key = {"id": bare, "owner": eve.id, "publicKeyPem": pem_of(rsa_key(1))}
    eve.put(bare, {"type": "Key", **key})
    eve.serve(publicKey=key)
    body = dump(eve.act("Like"))
    fields = eve.sign(body, signer=eve.signer(key_id=bare))
    roads = place.village.roads

    roads.linger = lambda _: place.village.pass_time(seconds=3)
    try:
        with place.nothing_kept():
            assert refused(eve.knock(body, fields), 503, code="key.away")
    finally:
        roads.linger = lambda _: None
    assert eve.fetched == 2

    place.village.pass_time(minutes=2)
    assert eve.knock(body, fields).status_code == 202


def test_a_key_that_could_not_be_asked_for_is_asked_for_soon(place, eve):
    # Met a moment ago: its key is not asked for twice in a minute.
    place.take(eve, eve.act("Like"))
    eve.rotate()
    with place.nothing_kept():
        assert refused(eve.send(eve.act("Like")), 401, code="sig.bad")
    assert eve.fetched == 1

    place.village.pass_time(minutes=2)

    assert eve.send(eve.act("Like")).status_code == 202
    assert eve.fetched == 2
