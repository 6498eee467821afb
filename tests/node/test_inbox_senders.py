import pytest
from sqlalchemy import delete

from node.models.throttle import Bucket
from tests.support.door import counted, got, known, refused, treat
from tests.support.stranger import PUBLIC

ELSEWHERE = "https://birch.example/u/bob"


# Keys.


@pytest.mark.parametrize("status", [404, 410])
def test_a_key_that_is_gone_proves_nothing(place, eve, status):
    eve.vanish(status)
    with place.nothing_kept():
        assert refused(eve.send(eve.act("Follow")), 401, code="sig.key")


@pytest.mark.parametrize("status", [404, 410])
def test_the_farewell_of_an_actor_that_is_gone_is_taken_without_effect(
    place, eve, status
):
    eve.vanish(status)
    with place.nothing_kept():
        answer = eve.send(eve.act("Delete", eve.id, to=[PUBLIC]))
    assert (answer.status_code, eve.fetched) == (202, 1)


def test_only_its_own_farewell_is_taken_from_an_actor_that_is_gone(place, eve):
    eve.vanish()
    other = eve.id.replace("eve", "dov")
    with place.nothing_kept():
        assert refused(eve.send(eve.act("Delete", other, to=[PUBLIC])), 401)


def test_a_key_whose_host_is_away_is_asked_for_later(place, eve):
    with eve.away(), place.nothing_kept():
        assert refused(eve.send(eve.act("Follow")), 503, code="key.away")


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_key_whose_host_is_broken_is_asked_for_later(place, eve, status):
    eve.vanish(status)
    with place.nothing_kept():
        assert refused(eve.send(eve.act("Follow")), 503, code="key.away")


def test_an_unknown_key_is_asked_for_once_a_minute(place, eve):
    eve.vanish(404)
    with place.nothing_kept():
        assert refused(eve.send(eve.act("Follow")), 401)
        assert refused(eve.send(eve.act("Follow")), 503)
    assert eve.fetched == 1


def test_who_was_told_to_wait_waits_without_a_look_at_any_bucket(place, eve):
    eve.vanish(404)
    with place.nothing_kept():
        assert refused(eve.send(eve.act("Follow")), 401)
        assert refused(eve.send(eve.act("Follow")), 503)
        with place.node.begin() as tx:
            tx.execute(delete(Bucket))
        assert refused(eve.send(eve.act("Follow")), 503)
        assert eve.fetched == 1

        place.village.pass_time(minutes=1)
        assert refused(eve.send(eve.act("Follow")), 401)
    assert eve.fetched == 2


# Who.


def test_nobody_acts_for_somebody_of_another_origin(place, eve):
    with place.nothing_kept():
        answer = eve.send(eve.act("Follow", actor=ELSEWHERE))
        assert refused(answer, 400, "principal-actor-mismatch")


def test_an_id_of_another_origin_is_refused(place, eve):
    with place.nothing_kept():
        answer = eve.send(eve.act("Follow", id="https://birch.example/acts/1"))
        assert refused(answer, 400, "principal-actor-mismatch")


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_what_is_attributed_to_somebody_else_is_refused(place, eve, kind):
    with place.nothing_kept():
        note = eve.note(attributedTo=eve.id.replace("eve", "dov"))
        answer = eve.send(eve.act(kind, note))
        assert refused(answer, 400, "principal-actor-mismatch")


def test_a_signer_that_is_no_actor_is_refused(place, eve):
    eve.serve(type="Note", attributedTo=eve.id)
    with place.nothing_kept():
        answer = eve.send(eve.act("Follow"))
        assert refused(answer, 400, "not-an-actor")
    assert known(place.node, eve) == (None, None)


@pytest.mark.parametrize("name", ["id", "actor", "type"])
def test_an_activity_without_id_actor_or_type_is_refused(place, eve, name):
    with place.nothing_kept():
        assert refused(eve.send(eve.act("Follow", **{name: ...})), 400)


# Origins.


def test_a_blocked_origin_is_refused_before_its_key_is_asked_for(place, eve):
    treat(place.node, eve.origin, "blocked")
    with place.nothing_kept():
        answer = eve.send(eve.act("Follow"))
        assert refused(answer, 403, "principal-not-authorized")
    assert eve.fetched == 0


def test_a_limited_origin_is_taken_and_set_aside(place, eve):
    place.work()
    treat(place.node, eve.origin, "limited")
    before, like = counted(place.node), eve.act("Like")

    answer = eve.send(like)
    place.work()

    assert (answer.status_code, got(place.node, like).state) == (202, "quarantined")
    assert counted(place.node) == {**before, "received": before["received"] + 1}


# Lanes, types and addressees.


def test_what_is_for_nobody_here_is_refused(place, eve):
    elsewhere = eve.act("Create", eve.note(cc=[ELSEWHERE]), to=[PUBLIC])
    with place.nothing_kept():
        answer = eve.send(elsewhere)
        assert refused(answer, 400, "no-applicable-addressees")


def test_what_is_between_partners_does_not_go_to_the_shared_inbox(place, eve):
    offer = eve.act("Offer", {"id": f"{eve.id}/cases/1", "type": "fm:Case"})
    with place.nothing_kept():
        assert refused(eve.send(offer), 400, "no-applicable-addressees")


@pytest.mark.parametrize("kind", ["Offer", "Like", "fm:Whatever"])
def test_between_partners_an_unknown_type_is_refused(place, eve, kind):
    private = eve.act(kind, {"id": f"{eve.id}/1", "type": "fm:Case"})
    with place.nothing_kept():
        answer = eve.send(private, f"/ap/c/{eve.slug}/inbox")
        assert refused(answer, 400, "unsupported-type")


@pytest.mark.parametrize("kind", ["Like", "View", "EmojiReact", "Sniff", ["x", "y"]])
def test_in_public_an_unknown_type_is_taken_and_ignored(place, eve, kind):
    liked = eve.act(kind)
    before = counted(place.node)["outgoing"]

    answer = eve.send(liked)
    place.work()

    row = got(place.node, liked)
    assert (answer.status_code, row.state, row.problem) == (202, "done", "ignored")
    assert counted(place.node)["outgoing"] == before


def test_an_inbox_longer_than_an_id_keeps_nobody_from_publishing(place, eve):
    assert place.take(eve, eve.act("Follow")) == ["done"]
    letters = "".join(place.node.dice(1).hex() for _ in range(3_000))
    eve.serve(inbox=f"{eve.id}/{letters}")
    place.take(eve, eve.act("Update", eve.document(), to=[PUBLIC], cc=[eve.group]))

    reference, address = place.publish()

    assert reference
    assert address
