from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from structlog.testing import capture_logs

from node import inbox, replies
from node.models.follows import Follow
from node.models.publications import RemoteCase
from tests.support.door import (
    all_of,
    counted,
    got,
    known,
    refused,
    treat,
)
from tests.support.knocking import remote_case
from tests.support.stranger import PUBLIC, dump


def follows_of(place, eve):
    return [row for row in all_of(place.node, Follow) if row.actor == eve.id]


def remote(place, note):
    return {row.id: row for row in all_of(place.node, RemoteCase)}.get(note["id"])


# The same again.


def test_the_same_activity_twice_is_taken_once(place, eve):
    follow = eve.act("Follow")
    assert place.take(eve, follow) == ["done"]
    before = counted(place.node)

    place.village.pass_time(seconds=1)
    answer = eve.send(follow, f"/ap/c/{eve.slug}/inbox", "cavage")
    place.work()

    assert (answer.status_code, counted(place.node)) == (202, before)
    assert len(follows_of(place, eve)) == 1


def test_the_same_id_with_other_bytes_is_refused_and_noticed(place, eve):
    follow = eve.act("Follow")
    place.take(eve, follow)

    with place.nothing_kept(), capture_logs() as lines:
        other = dump({**follow, "summary": "other"})
        assert refused(eve.send(other), 409, code="id.other-bytes")

    assert got(place.node, follow).digest == sha256(dump(follow)).digest()
    assert [one["event"] for one in lines].count("id.other-bytes") == 1
    assert 'other"' not in str(lines)


@pytest.mark.parametrize("profile", ["rfc9421", "cavage"])
def test_a_request_that_is_sent_again_has_no_second_effect(place, eve, profile):
    body = dump(eve.act("Follow"))
    fields = eve.sign(body, profile=profile)
    assert eve.knock(body, fields).status_code == 202
    place.work()
    before = counted(place.node)

    place.village.pass_time(hours=1)
    again = eve.knock(body, fields)
    place.work()

    assert (again.status_code, counted(place.node)) == (202, before)


def test_the_same_activity_in_many_requests_at_once_is_taken_once(place, eve):
    eve.send(eve.act("Like"))  # so that the key is known
    follow = eve.act("Follow")
    body = dump(follow)
    fields = eve.sign(body)
    before = counted(place.node)["received"]

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda _: eve.knock(body, fields).status_code, range(8))
        statuses = list(answers)
    place.work()

    assert set(statuses) <= {202, 503}
    assert counted(place.node)["received"] == before + 1
    assert len(follows_of(place, eve)) == 1


def test_acting_twice_on_one_activity_has_one_effect(place, eve):
    follow = eve.act("Follow")
    place.take(eve, follow)
    before = counted(place.node)

    inbox.handle(place.node, follow["id"])
    inbox.handle(place.node, "https://cedar.example/never")
    place.work()

    assert counted(place.node) == before
    assert len(follows_of(place, eve)) == 1


# What was taken back.


def test_what_was_deleted_before_it_came_is_dropped(place, eve):
    place.follow(eve)
    create = remote_case(eve)
    gone = eve.act("Delete", create["object"]["id"], to=[PUBLIC])

    assert place.take(eve, gone, create) == ["done", "buried"]

    assert got(place.node, create).raw is None
    assert remote(place, create["object"]) is None


def test_what_is_deleted_before_it_is_looked_at_is_dropped(place, eve):
    place.follow(eve)
    create = remote_case(eve)
    gone = eve.act("Delete", create["object"]["id"], to=[PUBLIC])
    assert [eve.send(each).status_code for each in (create, gone)] == [202, 202]

    # A job that collides is done after the one that came later.
    for each in (gone, create):
        inbox.handle(place.node, each["id"])

    assert remote(place, create["object"]) is None
    assert (got(place.node, create).state, got(place.node, create).raw) == (
        "buried",
        None,
    )


def test_what_was_deleted_does_not_come_back(place, eve):
    place.follow(eve)
    create = remote_case(eve)
    note = create["object"]
    tombstone = {"id": note["id"], "type": "Tombstone"}
    place.take(eve, create)
    place.take(eve, eve.act("Delete", tombstone, to=[PUBLIC]))
    assert (remote(place, note).name, remote(place, note).html) == ("", "")

    again = eve.act("Create", note, to=[PUBLIC])
    changed = eve.act("Update", {**note, "name": "Back"}, to=[PUBLIC])

    assert place.take(eve, again, changed) == ["buried", "buried"]
    assert remote(place, note).name == ""


def test_a_reply_that_was_deleted_is_emptied_and_stays_so(place, eve):
    reference, case = place.publish()
    reply = eve.act("Create", eve.note(inReplyTo=case), to=[PUBLIC])
    place.take(eve, reply)
    place.take(eve, eve.act("Delete", reply["object"]["id"]))

    again = eve.act("Create", reply["object"], to=[PUBLIC])

    assert place.take(eve, again) == ["buried"]
    [line] = replies.listed(place.node, reference, by=place.ada)
    assert (line.state, line.html) == ("deleted", "")
    assert got(place.node, reply).raw is None


def test_a_follow_that_was_undone_before_it_came_is_dropped(place, eve):
    follow = eve.act("Follow")

    assert place.take(eve, eve.act("Undo", follow), follow) == ["done", "buried"]

    assert follows_of(place, eve) == []


def test_a_follow_ends_when_it_is_undone(place, eve):
    follow = eve.act("Follow")
    place.take(eve, follow)
    assert follows_of(place, eve)[0].state == "accepted"

    place.take(eve, eve.act("Undo", follow))

    assert follows_of(place, eve) == []


def test_a_follow_that_is_undone_under_a_new_id_ends_too(place, eve):
    place.take(eve, eve.act("Follow"))

    place.take(eve, eve.act("Undo", eve.act("Follow")))

    assert follows_of(place, eve) == []


@pytest.mark.parametrize("kind", ["Like", "Announce", "Block", "Join"])
def test_only_undoing_a_follow_ends_it(place, eve, kind):
    place.take(eve, eve.act("Follow"))

    place.take(eve, eve.act("Undo", eve.act(kind)))

    assert len(follows_of(place, eve)) == 1


def test_an_actor_that_says_goodbye_is_never_heard_again(place, eve):
    place.take(eve, eve.act("Follow"))

    assert place.take(
        eve, eve.act("Delete", eve.id, to=[PUBLIC]), eve.act("Follow")
    ) == ["done", "buried"]


def test_an_actor_that_says_goodbye_follows_nobody_any_more(place, eve):
    place.take(eve, eve.act("Follow"))
    place.take(eve, eve.act("Delete", eve.id, to=[PUBLIC]))

    assert follows_of(place, eve) == []
    actor, _ = known(place.node, eve)
    assert actor.gone_at is not None


# Origins that are limited or blocked.


@pytest.mark.parametrize("mode", ["limited", "blocked"])
def test_what_only_takes_back_is_honoured_whoever_sends_it(place, eve, mode):
    place.follow(eve)
    create, follow = remote_case(eve), eve.act("Follow")
    place.take(eve, create, follow)
    treat(place.node, eve.origin, mode)

    back = place.take(
        eve,
        eve.act("Undo", follow),
        eve.act("Delete", create["object"]["id"], to=[PUBLIC]),
    )

    assert back == ["done", "done"]
    assert follows_of(place, eve) == []
    assert remote(place, create["object"]).deleted_at is not None


@pytest.mark.parametrize("kind", ["Block", "Undo", "Delete", "Reject"])
def test_undoing_what_takes_back_is_not_taken_from_a_blocked_origin(place, eve, kind):
    treat(place.node, eve.origin, "blocked")
    undone = {"id": f"{eve.id}/0", "type": kind, "actor": eve.id, "object": eve.group}
    with place.nothing_kept():
        answer = eve.send(eve.act("Undo", undone))
        assert refused(answer, 403, "principal-not-authorized")


def test_the_origin_of_the_key_counts_as_much_as_the_actors(place, eve):
    treat(place.node, eve.origin, "blocked")
    with place.nothing_kept():
        answer = eve.send(eve.act("Follow", actor="https://birch.example/u/bob"))
        assert refused(answer, 403, "principal-not-authorized")


def test_an_activity_that_cannot_be_read_is_refused_and_recorded(place, eve):
    follow = eve.act("Follow", object=...)

    assert place.take(eve, follow) == ["refused activity.malformed"]
    assert follows_of(place, eve) == []


def test_an_id_of_many_long_characters_is_kept_or_refused(eve):
    letters = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(1900))
    long = f"{eve.origin}/{letters}"

    answer = eve.send(eve.act("Like", id=long))

    assert answer.status_code in {202, 400}
